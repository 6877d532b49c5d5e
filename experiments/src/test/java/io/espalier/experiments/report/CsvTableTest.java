package io.espalier.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.espalier.run.Csv;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CsvTableTest {
    @Test
    void whatWasQuotedComesBack() {
        for (String text : List.of("plain", "a, b", "say \"so\"", "\"all\"", "")) {
            CsvTable table = CsvTable.parse("name,value\n" + Csv.quoted(text) + ",1\n");
            assertEquals(List.of(Map.of("name", text, "value", "1")), table.rows());
        }
    }

    @Test
    void aLineOfAnotherLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CsvTable.parse("a,b\n1\n"));
    }
}

package io.espalier.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.compress.SaliencyKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Documents name what there is: cards for everything that a study may ask for, files that exist, an example in every help. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> PARTS = List.of("Formula", "Cost", "Options", "Paper", "Not");
    private static final Pattern PLACE = Pattern.compile("`((?:ci|docs|engine|experiments|kernels)/[A-Za-z0-9_./-]+)`");

    @Test
    void everyMethodAndSaliencyHasItsCard() throws IOException {
        String cards = Files.readString(ROOT.resolve("docs/methods.md"));
        List<String> methods = methods();
        assertTrue(methods.contains("prune-neurons") && methods.size() > 8, methods.toString());
        for (String name : Stream.concat(
                        methods.stream(), Stream.of(SaliencyKind.values()).map(SaliencyKind::key))
                .toList()) {
            int start = cards.indexOf("\n### " + name + "\n");
            assertTrue(start >= 0, "docs/methods.md has no card of " + name);
            int end = cards.indexOf("\n#", start + 5);
            String card = cards.substring(start, end < 0 ? cards.length() : end);
            PARTS.forEach(part -> assertTrue(card.contains("**" + part), name + "'s card does not say: " + part));
        }
    }

    /** As `espalier methods` lists them. */
    private static List<String> methods() {
        StringWriter out = new StringWriter();
        CommandLine line = Espalier.commandLine(new Services());
        line.setOut(new PrintWriter(out));
        assertEquals(0, line.execute("methods"));
        return out.toString()
                .lines()
                .skip(1)
                .takeWhile(text -> text.startsWith("  "))
                .filter(text -> text.charAt(2) != ' ')
                .map(text -> text.strip().split("[ ,]")[0])
                .distinct()
                .toList();
    }

    @Test
    void filesThatGuidesNameExist() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            for (Path guide :
                    files.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher places = PLACE.matcher(Files.readString(guide));
                while (places.find()) {
                    assertTrue(
                            Files.exists(ROOT.resolve(places.group(1))),
                            guide + " names " + places.group(1) + ", which does not exist");
                }
            }
        }
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertTrue(Files.readAllLines(ROOT.resolve("README.md")).size() <= 150);
    }

    @Test
    void everyCommandHasAnExample() {
        assertExample(Espalier.commandLine(new Services()));
    }

    /** In its own help, or in that of the command that it belongs to. */
    private static void assertExample(CommandLine command) {
        String help = command.getUsageMessage()
                + (command.getParent() == null ? "" : command.getParent().getUsageMessage());
        String called = command.getCommandSpec().qualifiedName();
        assertTrue(
                help.lines().anyMatch(line -> (line + " ").startsWith("  " + called + " ")), "no example of " + called);
        command.getSubcommands().values().forEach(DocumentsTest::assertExample);
    }
}

package io.espalier.experiments.studyfile;

import io.espalier.compress.DropoutDamage;
import io.espalier.compress.FisherUnits;
import io.espalier.compress.TaylorUnits;
import io.espalier.compress.UnitCriterion;
import io.espalier.compress.UnitCriterionKind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads how hidden units are chosen: a name, or a map of the name to its parameters. */
final class UnitCriterionReader {
    private static final Map<String, UnitCriterion> BY_NAME = Arrays.stream(UnitCriterionKind.values())
            .collect(Collectors.toMap(
                    UnitCriterionKind::key, UnitCriterionKind::criterion, (a, b) -> a, LinkedHashMap::new));

    private UnitCriterionReader() {}

    static UnitCriterion read(YamlValue value) {
        if (!value.isMap()) {
            return value.choice(BY_NAME);
        }
        for (String key : List.of(UnitCriterionKind.FISHER.key(), UnitCriterionKind.TAYLOR.key())) {
            if (value.map().has(key)) {
                YamlValue examples = value.map()
                        .allow(key)
                        .required(key)
                        .map()
                        .allow("examples")
                        .required("examples");
                return examples.build(() -> key.equals(UnitCriterionKind.FISHER.key())
                        ? new FisherUnits(examples.integer())
                        : new TaylorUnits(examples.integer()));
            }
        }
        String key = UnitCriterionKind.DROPOUT_DAMAGE.key();
        YamlMap parameters = value.map().allow(key).required(key).map().allow("masks", "rate", "examples");
        DropoutDamage usual = new DropoutDamage();
        int masks = parameters.optional("masks").map(YamlValue::integer).orElse(usual.masks());
        double rate = parameters.optional("rate").map(YamlValue::number).orElse(usual.rate());
        int examples = parameters.optional("examples").map(YamlValue::integer).orElse(usual.examples());
        return value.build(() -> new DropoutDamage(masks, rate, examples));
    }
}

package io.espalier.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The binding says the same as the header; the class is looked at, not initialised, so no native library is needed. */
class KernelsTest {
    private static final Pattern FUNCTION =
            Pattern.compile("ESPALIER_API (int|const char\\*) (espalier_\\w+)\\(([^)]*)\\);");
    private static final Pattern DEFINITION =
            Pattern.compile("#define (ESPALIER_\\w+) \\(?(-?\\d+)\\)?$", Pattern.MULTILINE);
    private static final Pattern CONSTANT = Pattern.compile("public static final int (ESPALIER_\\w+) = (-?\\d+);");

    private final String header;
    private final Class<?> binding;

    KernelsTest() throws IOException, ClassNotFoundException {
        header = Files.readString(Path.of("src/main/cuda/espalier_kernels.h"));
        binding = Class.forName("io.espalier.kernels.Kernels", false, getClass().getClassLoader());
    }

    @Test
    void everyFunctionOfTheHeaderIsBoundWithItsParameters() {
        Map<String, String> declared = new TreeMap<>();
        Matcher function = FUNCTION.matcher(header);
        while (function.find()) {
            declared.put(
                    function.group(2),
                    javaType(function.group(1)) + " ("
                            + Pattern.compile(",")
                                    .splitAsStream(function.group(3))
                                    .filter(parameter -> !parameter.equals("void"))
                                    .map(parameter -> javaType(parameter.strip()))
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        assertEquals(
                header.split("ESPALIER_API (int|const)", -1).length - 1, declared.size(), "declarations understood");
        assertTrue(declared.containsKey("espalier_square"));
        Map<String, String> bound = Arrays.stream(binding.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .collect(Collectors.toMap(Method::getName, KernelsTest::signature, (a, b) -> a + b, TreeMap::new));
        assertEquals(declared, bound);
    }

    @Test
    void everyNumberOfTheHeaderIsAConstant() throws IOException {
        // To read the fields of the class would initialise it.
        String source = Files.readString(Path.of("src/main/java/io/espalier/kernels/Kernels.java"));
        assertEquals(numbers(DEFINITION, header), numbers(CONSTANT, source));
    }

    private static Map<String, Integer> numbers(Pattern pattern, String text) {
        Map<String, Integer> numbers = new TreeMap<>();
        pattern.matcher(text).results().forEach(found -> numbers.put(found.group(1), Integer.valueOf(found.group(2))));
        assertTrue(numbers.containsKey("ESPALIER_ABI_VERSION"), numbers.toString());
        return numbers;
    }

    private static String signature(Method method) {
        return method.getReturnType().getSimpleName() + " ("
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", "))
                + ")";
    }

    private static String javaType(String declared) {
        if (declared.startsWith("const char*")) {
            return "String";
        }
        return declared.contains("*") ? "long" : declared.startsWith("float") ? "float" : "int";
    }
}

package io.espalier.experiments.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.NativeObject;
import org.mozilla.javascript.Scriptable;

/**
 * The charts of the page as files for papers. ECharts draws SVG without a browser; Rhino, an interpreter of 1.6 MB, runs it, so
 * that a figure is the page's chart and not a second drawing of it.
 */
final class Figures {
    /** What the library asks of a browser besides: it waits with nothing when it draws once. */
    private static final String SURROUNDINGS = "var setTimeout = function () {};";

    private Figures() {}

    static List<Path> write(Path run, ReportData data) {
        return draw(
                run.resolve("figures"),
                List.of(ReportPage.CHARTS),
                "figures",
                data.toJson().toString());
    }

    /**
     * Draws what a function makes of some data.
     *
     * @param scripts resources, one of which has the function
     * @param function gives an array of names and SVGs
     */
    static List<Path> draw(Path folder, List<String> scripts, String function, String json) {
        List<Path> files = new ArrayList<>();
        try (Context context = Context.enter()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            // The library is larger than what Rhino can compile into one method.
            context.setInterpretedMode(true);
            Scriptable scope = context.initSafeStandardObjects();
            context.evaluateString(scope, SURROUNDINGS, "surroundings", 1, null);
            context.evaluateString(scope, ReportPage.resource(ReportPage.LIBRARY), "echarts.min.js", 1, null);
            for (String script : scripts) {
                context.evaluateString(scope, ReportPage.resource(script), script, 1, null);
            }
            scope.put("json", scope, json);
            NativeArray figures =
                    (NativeArray) context.evaluateString(scope, function + "(JSON.parse(json))", function, 1, null);
            Files.createDirectories(folder);
            for (Object entry : figures) {
                NativeObject figure = (NativeObject) entry;
                Path file = folder.resolve(figure.get("name") + ".svg");
                Files.writeString(file, Context.toString(figure.get("svg")));
                files.add(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Opens a report in headless Chromium, over the DevTools protocol, and looks: do the charts draw, does the filter work, is anything
 * said on the console, does any request leave the page. Arguments: browser, report, screenshot to write.
 */
public final class Browser implements WebSocket.Listener {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SECONDS = 60;

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final String own;
    private WebSocket socket;
    private int last;

    private Browser(String own) {
        this.own = own;
    }

    public static void main(String[] arguments) throws Exception {
        Path report = Path.of(arguments[1]).toRealPath();
        Path profile = Files.createTempDirectory("espalier-browser");
        Process process = new ProcessBuilder(
                        arguments[0],
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--window-size=1280,1260",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("browser.log").toFile())
                .start();
        try {
            new Browser(report.toUri().toString()).check(page(profile), report, Path.of(arguments[2]));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /** The socket of the one page, once the browser says on which port it listens. */
    private static URI page(Path profile) throws Exception {
        Path port = profile.resolve("DevToolsActivePort");
        for (int tenths = 0; !Files.exists(port) || Files.readAllLines(port).size() < 2; tenths++) {
            if (tenths > 10 * SECONDS) {
                throw new IllegalStateException("The browser does not start:\n" + Files.readString(profile.resolve("browser.log")));
            }
            Thread.sleep(100);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list"))
                .build();
        String list = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        for (JsonNode target : JSON.readTree(list)) {
            if (target.get("type").asText().equals("page")) {
                return URI.create(target.get("webSocketDebuggerUrl").asText());
            }
        }
        throw new IllegalStateException("The browser has no page: " + list);
    }

    private void check(URI page, Path report, Path screenshot) throws Exception {
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, this).get(SECONDS, TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            call(domain + ".enable", JSON.createObjectNode());
        }
        light("light");
        long start = System.nanoTime();
        call("Page.navigate", JSON.createObjectNode().put("url", own));
        loaded.get(SECONDS, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - start) / 1e9;
        int charts = number("document.querySelectorAll('main section:not([hidden]) .chart').length");
        int rows = number("document.querySelectorAll('#rows tr').length");
        System.out.printf("%s: %d bytes, loaded in %.2f s, %d charts, %d rows%n", report, Files.size(report), seconds, charts, rows);
        require(seconds < 3, "It takes longer than 3 s to open.");
        require(Files.size(report) < 10_000_000, "It is larger than 10 MB.");
        require(charts >= 5 && rows > 2, "Charts or rows are missing.");
        require(
                is("[...document.querySelectorAll('main section:not([hidden]) .chart')].every(chart =>"
                        + " chart.querySelectorAll('svg path').length > 10 && chart.getBoundingClientRect().height > 200)"),
                "A chart is empty.");
        require(
                is("[...document.querySelectorAll('main section:not([hidden]) .chart')].every(chart =>"
                        + " chart.querySelector('svg').getBoundingClientRect().width <= chart.getBoundingClientRect().width)"),
                "A chart is wider than its place.");
        require(is("document.getElementById('answer').textContent.endsWith('.')"), "There is no answer.");
        require(is("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than its window.");
        filter(rows);
        sort();
        keyboard();
        appearance();
        picture(screenshot);
        JsonNode pdf = call("Page.printToPDF", JSON.createObjectNode().put("printBackground", true));
        require(pdf.get("data").asText().length() > 50_000, "It prints as next to nothing.");
        require(complaints.isEmpty(), String.join("\n", complaints));
    }

    private void filter(int rows) throws Exception {
        String marks = "document.querySelectorAll('#ratio .chart svg path').length";
        int before = number(marks);
        run("filter.value = 'DENSE'; filter.dispatchEvent(new Event('input'))");
        int left = number("document.querySelectorAll('#rows tr').length");
        require(left > 0 && left < rows, "The filter leaves " + left + " of " + rows + " rows.");
        require(
                is("[...document.querySelectorAll('#rows tr')].every(row => row.cells[0].textContent.includes('dense'))"),
                "The filter leaves other rows.");
        require(number(marks) < before, "The filter leaves the chart as it was.");
        run("filter.value = ''; filter.dispatchEvent(new Event('input'))");
        require(number("document.querySelectorAll('#rows tr').length") == rows, "An empty filter leaves rows out.");
        run("document.querySelector('#methods button').click()");
        require(number("document.querySelectorAll('#rows tr').length") < rows, "A method's button does not hide it.");
        run("document.querySelector('#methods button').click()");
    }

    private void sort() throws Exception {
        run("document.querySelectorAll('#columns button')[3].click()");
        require(
                is("[...document.querySelectorAll('#rows tr')].map(row => +row.cells[3].textContent)"
                        + ".every((value, i, all) => i === 0 || !(all[i - 1] > value))"),
                "A column does not sort.");
    }

    /** Everything that can be used can be reached by the tabulator. */
    private void keyboard() throws Exception {
        run("document.body.focus(); window.reached = new Set();"
                + "document.addEventListener('focusin', event => window.reached.add(event.target))");
        int stops = number("document.querySelectorAll('a, button, input, select, summary, [tabindex]').length");
        for (int i = 0; i < stops + 20; i++) {
            for (String type : List.of("rawKeyDown", "keyUp")) {
                call("Input.dispatchKeyEvent", JSON.createObjectNode().put("type", type).put("key", "Tab").put("code", "Tab").put("windowsVirtualKeyCode", 9));
            }
        }
        require(
                is("[...document.querySelectorAll('a, button, input, select, summary')].filter(stop => stop.getClientRects().length)"
                        + ".every(stop => window.reached.has(stop))"),
                "The keyboard does not reach everything.");
    }

    private void appearance() throws Exception {
        String back = "getComputedStyle(document.body).backgroundColor";
        String ink = "document.querySelector('#ratio svg text').getAttribute('fill')";
        List<String> looks = new ArrayList<>();
        for (String scheme : List.of("light", "dark")) {
            light(scheme);
            looks.add(value(back).asText() + value(ink).asText());
        }
        light("light");
        require(!looks.get(0).equals(looks.get(1)), "Light and dark look alike: " + looks);
    }

    private void picture(Path file) throws Exception {
        run("document.querySelectorAll('#columns button')[0].click(); scrollTo(0, 0); document.activeElement.blur()");
        JsonNode shot = call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
        Files.write(file, Base64.getDecoder().decode(shot.get("data").asText()));
    }

    // ---- the protocol -----------------------------------------------------------------------------------------------

    private void light(String scheme) throws Exception {
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
        call("Emulation.setEmulatedMedia", media);
    }

    private void run(String script) throws Exception {
        value(script + "; 0");
    }

    private int number(String script) throws Exception {
        return value(script).asInt();
    }

    private boolean is(String script) throws Exception {
        return value(script).asBoolean();
    }

    private JsonNode value(String script) throws Exception {
        JsonNode answer = call("Runtime.evaluate", JSON.createObjectNode().put("expression", script).put("returnByValue", true));
        require(!answer.has("exceptionDetails"), script + " fails: " + answer);
        return answer.get("result").path("value");
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        int id = ++last;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
        text.append(part);
        from.request(1);
        if (isLast) {
            try {
                received(JSON.readTree(text.toString()));
            } catch (java.io.IOException e) {
                complaints.add("The browser speaks in riddles: " + e.getMessage());
            }
            text.setLength(0);
        }
        return null;
    }

    private void received(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer = answers.remove(message.get("id").asInt());
            if (message.has("error")) {
                answer.completeExceptionally(new IllegalStateException(message.toString()));
            } else {
                answer.complete(message.get("result"));
            }
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" -> complaints.add("The console says " + parameters);
            case "Network.requestWillBeSent" -> {
                String url = parameters.path("request").path("url").asText();
                if (!url.equals(own) && !url.startsWith("data:")) {
                    complaints.add("The page asks for " + url);
                }
            }
            default -> {}
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            System.err.println("browser: " + otherwise);
            throw new AssertionError(otherwise);
        }
    }
}

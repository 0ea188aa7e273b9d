package io.github.autodaemon.replay;

import com.google.gson.JsonParser;
import io.github.autodaemon.internal.json.Json;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ErrorObjects;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.rpc.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The services that were recorded. */
final class Services {
    private final RecordedService service;
    private final Session session;
    private long sum;

    private Services(RecordedService service, Session session) {
        this.service = service;
        this.session = session;
    }

    /** Gives {@code service} the methods that the recorded one had. */
    static void describe(Golden golden, RecordedService service, Session session) {
        Services services = new Services(service, session);
        services.common();
        services.ofItsOwn(golden.id());
        if (golden.name().contains("-raw-")) {
            services.raw();
        }
    }

    /** Whether the golden's echo calls back with several values; a Java method has one result, so it gives the list. */
    static boolean wrapped(String id) {
        return List.of("06", "08", "09", "10", "16").contains(id);
    }

    private void common() {
        service.on("add", (args, request) -> request.succeed(sum += ((Number) args.get(0)).longValue()));
        service.on("ping", (args, request) -> request.succeed("pong"));
        service.on("wait", (args, request) -> {
            long millis = ((Number) args.get(0)).longValue();
            later(millis, request, millis);
        });
        service.on("close", (args, request) -> session.close());
        service.onStream("echo", (args, stream) -> service.echo(stream));
    }

    private void later(long millis, Request request, Object value) {
        if (millis == 0) {
            request.succeed(value);
        } else {
            service.after(millis, () -> request.succeed(value));
        }
    }

    private void raw() {
        service.on("echo", (args, request) -> request.succeed(args.get(0)));
        service.on("slow", (args, request) -> {
            long millis = ((Number) args.get(0)).longValue();
            later(millis, request, "slow" + millis);
        });
        service.onStream("es", (args, stream) -> service.echo(stream));
        service.onStream("src", (args, stream) -> {
            RecordedService.write(stream, "x".repeat(((Long) args.get(0)).intValue()));
            RecordedService.end(stream);
            service.drain(stream);
        });
    }

    private void ofItsOwn(String id) {
        if (wrapped(id)) {
            service.on("echo", (args, request) -> request.succeed(args));
        }
        switch (id) {
            case "03" -> service.on("get", (args, request) -> request.succeed(sum));
            case "05" -> service.on("get", (args, request) -> request.succeed(7));
            case "06" ->
                service.on("m", (args, request) -> request.succeed(plain("[null,1,'two',{'three':3},[4,[5]]]")));
            case "07" ->
                service.on("m", (args, request) -> {
                    request.succeed(1);
                    request.succeed(2);
                    later(20, request, 3);
                });
            case "08" -> service.on("m", Services::falsy);
            case "11" -> service.on("m", Services::failures);
            case "12" -> service.on("m", Services::thrown);
            case "13" -> {
                service.on("m", (args, request) -> {
                    request.succeed(1);
                    throw new IllegalStateException("after");
                });
                service.on("n", (args, request) -> request.succeed(2));
            }
            case "15" -> {
                service.on("get", (args, request) -> request.succeed(plain(MESSAGES.get((String) args.get(0)))));
                service.on("post", (args, request) -> request.succeed(args.get(0)));
            }
            case "19", "20" -> service.on("echo", (args, request) -> request.succeed(args.get(0)));
            case "21" -> service.on("add", (args, request) -> request.succeed("original add " + args.get(0)));
            case "22" -> service.on("m", (args, request) -> request.succeed(uncarried((String) args.get(0))));
            case "23" -> service.on("m", (args, request) -> later(10, request, uncarried("circ")));
            case "24" -> {
                service.on(
                        "m", (args, request) -> service.after(20, () -> request.fail(ErrorObjects.of("async boom"))));
                service.on("slow", (args, request) -> service.after(200, () -> request.succeed(null)));
            }
            case "25" -> {
                service.on("ok", (args, request) -> request.succeed((Long) args.get(0) + 1));
                service.on("rej", (args, request) -> request.fail(ErrorObjects.of("rejected")));
            }
            case "26" -> {
                service.on("a", (args, request) -> request.succeed(5));
                service.on("b", (args, request) -> request.succeed("ignored"));
            }
            case "27" -> service.on("big", (args, request) -> request.succeed("y".repeat(length(args))));
            default -> streams(id);
        }
        if (id.equals("20")) {
            service.on("len", (args, request) -> request.succeed("\u20ac".repeat(length(args))));
        }
    }

    private static int length(List<Object> args) {
        return ((Long) args.get(0)).intValue();
    }

    private void streams(String id) {
        switch (id) {
            case "30" ->
                service.onStream("rd", (args, stream) -> {
                    RecordedService.write(stream, "one");
                    RecordedService.write(stream, "two");
                    service.after(30, () -> {
                        RecordedService.write(stream, "three");
                        RecordedService.end(stream);
                    });
                });
            case "31", "32" ->
                service.onStream("wr", (args, stream) -> {
                    RecordedService.end(stream);
                    service.drain(stream);
                });
            case "34" ->
                service.onStream("d", (args, stream) -> {
                    service.drain(stream);
                    for (int i = 0; i < 3; i++) {
                        String tick = "tick" + i;
                        service.after(20L * (i + 1), () -> RecordedService.write(stream, tick));
                    }
                    service.after(60, () -> RecordedService.end(stream));
                });
            case "35" ->
                service.onStream("d", (args, stream) -> {
                    RecordedService.write(stream, "greeting");
                    RecordedService.end(stream);
                    service.drain(stream);
                });
            case "38", "39", "62" ->
                service.onStream("d", (args, stream) -> {
                    RecordedService.write(stream, "x");
                    service.after(40, () -> stream.cancel("disk gone"));
                });
            case "44" ->
                service.onStream("d", (args, stream) -> {
                    RecordedService.write(stream, "ok");
                    RecordedService.end(stream);
                    service.drain(stream);
                });
            case "50", "51" ->
                service.onStream("rd", (args, stream) -> {
                    RecordedService.write(stream, "one");
                    stream.input().close();
                });
            case "54" -> {
                service.on("slow", (args, request) -> later(5000, request, null));
                service.onStream("echo", (args, stream) -> {
                    service.echo(stream);
                    service.after(60, session::close);
                });
            }
            case "57" ->
                service.onStream("echo", (args, stream) -> {
                    service.echo(stream);
                    service.after(30, () -> stream.cancel("handled"));
                });
            case "59" ->
                service.onStream("o", (args, stream) -> {
                    RecordedService.write(stream, "str");
                    if ((Boolean) args.get(0)) {
                        stream.cancel("no bytes");
                    } else {
                        RecordedService.end(stream);
                        service.drain(stream);
                    }
                });
            case "64" -> service.onStream("d", this::ticks);
            default -> {}
        }
    }

    private void ticks(List<Object> args, ByteStream stream) throws IOException {
        for (int i = 1; i <= 12; i++) {
            String tick = "tick" + i;
            // The recorded client reset the stream after the third.
            service.after(i <= 3 ? 0 : 600, () -> RecordedService.write(stream, tick));
        }
    }

    private static final Map<String, String> MESSAGES = Map.of(
            "str", "{'message':'hello','id':1,'from':'bob'}",
            "num", "{'message':5,'id':2}",
            "obj", "{'message':{'text':'x'},'id':3}",
            "empty", "{'message':'','id':4}",
            "fals", "{'message':false}",
            "proto", "{'message':'p','__proto__':{'evil':1}}",
            "arr", "{'message':[1,2]}",
            "stack", "{'message':'m','stack':'mystack','name':'N'}");

    private static Object plain(String text) {
        try {
            // Quotes that a Java text does not need to escape.
            return Json.parse(JsonParser.parseString(text).toString(), 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void falsy(List<Object> args, Request request) {
        request.succeed(plain(
                switch ((String) args.get(0)) {
                    case "u5" -> "[null,5]";
                    case "zero" -> "[0]";
                    case "empty" -> "['']";
                    case "fals" -> "[false]";
                    default -> "[null]";
                }));
    }

    private static void failures(List<Object> args, Request request) {
        switch ((String) args.get(0)) {
            case "plain" -> request.fail(ErrorObjects.of("boom"));
            case "props" ->
                error(request, "{'message':'boom','code':'EBOOM','errno':-5,'nested':{'a':[1]},'inner':{}}");
            case "type" -> request.fail(ErrorObjects.of("bad type"));
            case "name" -> error(request, "{'message':'named','name':'MyError'}");
            case "cls" -> error(request, "{'message':'cls','extra':1,'protoProp':'inherited'}");
            case "fs" ->
                error(
                        request,
                        "{'message':\"ENOENT: no such file or directory, open '/nonexistent-file'\",'errno':-2,"
                                + "'code':'ENOENT','syscall':'open','path':'/nonexistent-file'}");
            case "cause" -> request.fail(ErrorObjects.of("c"));
            case "agg" -> request.fail(ErrorObjects.of("agg"));
            case "emptymsg" -> request.fail(ErrorObjects.of(""));
            case "stackprop" -> error(request, "{'message':'s','stack':'STACK'}");
            case "string" -> request.succeed("just a string");
            case "objmsg" -> error(request, "{'message':'not an error','code':1}");
            default -> request.succeed(null);
        }
    }

    @SuppressWarnings("unchecked")
    private static void error(Request request, String text) {
        request.fail((Map<String, ?>) plain(text));
    }

    private static void thrown(List<Object> args, Request request) {
        switch ((String) args.get(0)) {
            case "err" -> error(request, "{'message':'thrown','code':'ETHROWN'}");
            case "str" -> request.succeed("a string");
            case "obj" -> request.succeed(plain("{'a':1}"));
            case "num" -> request.succeed(42);
            case "range" -> request.fail(ErrorObjects.of("Maximum call stack size exceeded"));
            default -> request.succeed(null);
        }
    }

    private static Object uncarried(String kind) {
        if (kind.equals("bigint")) {
            return BigInteger.TEN;
        }
        List<Object> circle = new ArrayList<>();
        circle.add(circle);
        return circle;
    }
}

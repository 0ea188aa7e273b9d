package io.github.autodaemon.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Values and bytes in one form for comparison, short enough to be read in a failure. */
final class Shown {
    private static final int LONG = 200;

    private Shown() {}

    static String line(String text) {
        try {
            return json(JsonParser.parseString(text));
        } catch (JsonParseException e) {
            return "not JSON: " + text;
        }
    }

    /** Numbers by value, objects without order, long texts by length and checksum. */
    static String json(JsonElement element) {
        if (element instanceof JsonArray array) {
            StringBuilder out = new StringBuilder("[");
            for (JsonElement item : array) {
                out.append(out.length() > 1 ? "," : "").append(json(item));
            }
            return out.append(']').toString();
        }
        if (element instanceof JsonObject object) {
            StringBuilder out = new StringBuilder("{");
            TreeMap<String, JsonElement> sorted = new TreeMap<>(object.asMap());
            sorted.forEach((name, value) -> {
                out.append(out.length() > 1 ? "," : "").append(new JsonPrimitive(name));
                out.append(':').append(json(value));
            });
            return out.append('}').toString();
        }
        if (element instanceof JsonNull) {
            return "null";
        }
        JsonPrimitive primitive = element.getAsJsonPrimitive();
        if (primitive.isNumber()) {
            BigDecimal number = new BigDecimal(primitive.getAsString());
            String plain =
                    number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
            return plain.length() > 30 ? number.stripTrailingZeros().toString() : plain;
        }
        if (primitive.isString() && primitive.getAsString().length() > LONG) {
            String text = primitive.getAsString();
            return text.length() + " chars " + checksum(text.getBytes(StandardCharsets.UTF_16BE));
        }
        return escaped(primitive.toString());
    }

    /** Unpaired surrogates are readable, and survive a report. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    static String bytes(byte[] bytes) {
        if (bytes.length > LONG) {
            return bytes.length + " bytes " + checksum(bytes);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new JsonPrimitive(text).toString();
        } catch (CharacterCodingException e) {
            return HexFormat.of().formatHex(bytes);
        }
    }

    private static String checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }
}

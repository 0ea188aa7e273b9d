package io.github.autodaemon.bench.peers;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.github.autodaemon.bench.peer.Item;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** An item in protobuf's format, as generated code would write and read it. */
final class ItemMarshaller implements MethodDescriptor.Marshaller<Item> {
    private static final int ID = 1;
    private static final int NAME = 2;
    private static final int PRICE = 3;
    private static final int SOLD = 4;
    private static final int COUNT = 5;
    private static final int KIND = 6;
    private static final int TAGS = 7;
    private static final int SIZES = 8;
    private static final int NUMBER_BITS = 3;

    @Override
    public InputStream stream(Item item) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeInt64(ID, item.id());
            out.writeString(NAME, item.name());
            out.writeDouble(PRICE, item.price());
            out.writeBool(SOLD, item.sold());
            out.writeInt32(COUNT, item.count());
            out.writeEnum(KIND, item.kind() == Item.Kind.PART ? 0 : 1);
            for (String tag : item.tags()) {
                out.writeString(TAGS, tag);
            }
            for (long size : item.sizes()) {
                out.writeInt64(SIZES, size);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public Item parse(InputStream stream) {
        long id = 0;
        String name = "";
        double price = 0;
        boolean sold = false;
        int count = 0;
        Item.Kind kind = Item.Kind.PART;
        List<String> tags = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        try {
            CodedInputStream in = CodedInputStream.newInstance(stream);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag >> NUMBER_BITS) {
                    case ID -> id = in.readInt64();
                    case NAME -> name = in.readString();
                    case PRICE -> price = in.readDouble();
                    case SOLD -> sold = in.readBool();
                    case COUNT -> count = in.readInt32();
                    case KIND -> kind = in.readEnum() == 0 ? Item.Kind.PART : Item.Kind.TOOL;
                    case TAGS -> tags.add(in.readString());
                    case SIZES -> sizes.add(in.readInt64());
                    default -> throw new IOException("no such field: " + tag);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Item(id, name, price, sold, count, kind, tags, sizes);
    }
}

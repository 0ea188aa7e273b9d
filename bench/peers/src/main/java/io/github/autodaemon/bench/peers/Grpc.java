package io.github.autodaemon.bench.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.MessageLite;
import com.google.protobuf.StringValue;
import io.github.autodaemon.bench.peer.Item;
import io.github.autodaemon.bench.peer.Peer;
import io.github.autodaemon.bench.peer.Raw;
import io.github.autodaemon.bench.peer.Serving;
import io.github.autodaemon.bench.peer.Window;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * gRPC with Netty's epoll transport and protobuf's lite runtime. The stubs call what generated ones would; the messages are
 * those that protobuf brings along. The service blocks nowhere, so its executor is the direct one.
 */
public final class Grpc implements Peer {
    /** Warns of every connection that a Unix socket has no SO_KEEPALIVE; formatting that costs a command time. */
    private static final Logger NETTY = Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap");

    private static final int LARGEST = 64 << 20;
    private static final MethodDescriptor<Int64Value, Int64Value> ADD =
            method("Add", MethodType.UNARY, Int64Value.getDefaultInstance(), Int64Value.getDefaultInstance());
    private static final MethodDescriptor<StringValue, StringValue> TEXT =
            method("Text", MethodType.UNARY, StringValue.getDefaultInstance(), StringValue.getDefaultInstance());
    private static final MethodDescriptor<Item, Item> ITEM = MethodDescriptor.<Item, Item>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName("bench.Tally/Item")
            .setRequestMarshaller(new ItemMarshaller())
            .setResponseMarshaller(new ItemMarshaller())
            .build();
    private static final MethodDescriptor<Int64Value, BytesValue> BYTES = method(
            "Bytes", MethodType.SERVER_STREAMING, Int64Value.getDefaultInstance(), BytesValue.getDefaultInstance());

    private final ManagedChannel channel;

    static {
        NETTY.setLevel(Level.OFF);
    }

    /** A client; it connects at its first call. */
    public Grpc(Path socket) {
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(loop())
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(LARGEST)
                .build();
    }

    private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> method(
            String name, MethodType type, Q request, A reply) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(type)
                .setFullMethodName("bench.Tally/" + name)
                .setRequestMarshaller(ProtoLiteUtils.marshaller(request))
                .setResponseMarshaller(ProtoLiteUtils.marshaller(reply))
                .build();
    }

    private static EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    /** The command: {@code Grpc SOCKET N}. */
    public static void main(String[] args) {
        @SuppressWarnings("resource") // The end of the process is quicker than its orderly shutdown.
        Grpc peer = new Grpc(Path.of(args[0]));
        System.out.println(peer.add(Long.parseLong(args[1])));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** The server: {@code Grpc$Server SOCKET}. */
    public static final class Server {
        private Server() {}

        /** Runs until its input ends. */
        public static void main(String[] args) throws IOException {
            AtomicLong sum = new AtomicLong();
            EventLoopGroup loop = loop();
            NettyServerBuilder.forAddress(new DomainSocketAddress(args[0]))
                    .channelType(EpollServerDomainSocketChannel.class)
                    .bossEventLoopGroup(loop)
                    .workerEventLoopGroup(loop)
                    .directExecutor()
                    .maxInboundMessageSize(LARGEST)
                    .addService(service(sum))
                    .build()
                    .start();
            Serving.untilInputEnds();
        }

        private static ServerServiceDefinition service(AtomicLong sum) {
            return ServerServiceDefinition.builder("bench.Tally")
                    .addMethod(ADD, ServerCalls.asyncUnaryCall((request, reply) -> {
                        reply.onNext(Int64Value.of(sum.addAndGet(request.getValue())));
                        reply.onCompleted();
                    }))
                    .addMethod(TEXT, ServerCalls.asyncUnaryCall((request, reply) -> {
                        reply.onNext(request);
                        reply.onCompleted();
                    }))
                    .addMethod(ITEM, ServerCalls.asyncUnaryCall((request, reply) -> {
                        reply.onNext(request);
                        reply.onCompleted();
                    }))
                    .addMethod(BYTES, ServerCalls.asyncServerStreamingCall((request, reply) -> {
                        give(request.getValue(), (ServerCallStreamObserver<BytesValue>) reply);
                    }))
                    .build();
        }

        private static void give(long count, ServerCallStreamObserver<BytesValue> reply) {
            BytesValue block = BytesValue.of(ByteString.copyFrom(new byte[Raw.BLOCK]));
            AtomicLong left = new AtomicLong(count);
            reply.setOnReadyHandler(() -> {
                while (reply.isReady() && left.get() > 0) {
                    long size = Math.min(left.get(), Raw.BLOCK);
                    reply.onNext(
                            size == Raw.BLOCK
                                    ? block
                                    : BytesValue.of(block.getValue().substring(0, (int) size)));
                    if (left.addAndGet(-size) == 0) {
                        reply.onCompleted();
                    }
                }
            });
        }
    }

    private static <Q, A> A call(Channel channel, MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
    }

    @Override
    public long add(long n) {
        return call(channel, ADD, Int64Value.of(n)).getValue();
    }

    @Override
    public void pipelined(int calls, int outstanding) throws Exception {
        Window.run(
                calls,
                outstanding,
                n -> ClientCalls.futureUnaryCall(channel.newCall(ADD, CallOptions.DEFAULT), Int64Value.of(n)));
    }

    @Override
    public String text(String text) {
        return call(channel, TEXT, StringValue.of(text)).getValue();
    }

    @Override
    public Item item(Item item) {
        return call(channel, ITEM, item);
    }

    @Override
    public long bytes(long count) {
        Iterator<BytesValue> blocks =
                ClientCalls.blockingServerStreamingCall(channel, BYTES, CallOptions.DEFAULT, Int64Value.of(count));
        long all = 0;
        while (blocks.hasNext()) {
            all += blocks.next().getValue().size();
        }
        return all;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        // The end of the JVM ends the loop.
    }
}

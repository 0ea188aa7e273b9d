package io.github.autodaemon.bench.peers;

import io.github.autodaemon.bench.peer.Item;
import io.github.autodaemon.bench.peer.Peer;
import io.github.autodaemon.bench.peer.Serving;
import java.io.IOException;
import java.io.Serializable;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.rmi.NotBoundException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** RMI over the Unix sockets of junixsocket; the registry and the service share one. */
public final class Rmi implements Peer {
    /** The service, as RMI wants it. */
    public interface Service extends Remote {
        /** Adds. */
        long add(long n) throws RemoteException;

        /** Gives it back. */
        String text(String text) throws RemoteException;

        /** Gives it back. */
        Item item(Item item) throws RemoteException;
    }

    private static final int PORT = 1;

    private final Service service;

    /** Looks the service up. */
    public Rmi(Path socket) throws IOException, NotBoundException {
        Registry registry = LocateRegistry.getRegistry(null, PORT, new Sockets(socket.toString()));
        service = (Service) registry.lookup("tally");
    }

    /** RMI thinks in ports; this one is a path. A stub carries it along. */
    private record Sockets(String path) implements RMIClientSocketFactory, RMIServerSocketFactory, Serializable {
        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(Path.of(path)));
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(Path.of(path)));
        }
    }

    /** The command: {@code Rmi SOCKET N}. */
    public static void main(String[] args) throws Exception {
        System.out.println(new Rmi(Path.of(args[0])).add(Long.parseLong(args[1])));
        // Its threads would keep the JVM; an exit takes longer than a halt.
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** The server: {@code Rmi$Server SOCKET}. */
    public static final class Server {
        /** RMI itself holds what it exports only weakly. */
        private static final Local SERVICE = new Local(new AtomicLong());

        private Server() {}

        /** Runs until its input ends. */
        public static void main(String[] args) throws Exception {
            Sockets sockets = new Sockets(args[0]);
            Registry registry = LocateRegistry.createRegistry(PORT, sockets, sockets);
            registry.bind("tally", UnicastRemoteObject.exportObject(SERVICE, PORT, sockets, sockets));
            Serving.untilInputEnds();
        }
    }

    private record Local(AtomicLong sum) implements Service {
        @Override
        public long add(long n) {
            return sum.addAndGet(n);
        }

        @Override
        public String text(String text) {
            return text;
        }

        @Override
        public Item item(Item item) {
            return item;
        }
    }

    @Override
    public long add(long n) throws RemoteException {
        return service.add(n);
    }

    /** RMI's calls block, so it takes a thread for each that is outstanding; it gives each a connection. */
    @Override
    public void pipelined(int calls, int outstanding) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(outstanding);
        try {
            List<Callable<Void>> works = new ArrayList<>();
            for (int i = 0; i < outstanding; i++) {
                works.add(() -> {
                    for (int n = 0; n < calls / outstanding; n++) {
                        service.add(n);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(works)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Override
    public String text(String text) throws RemoteException {
        return service.text(text);
    }

    @Override
    public Item item(Item item) throws RemoteException {
        return service.item(item);
    }

    @Override
    public void close() {
        // The JVM's exit does it.
    }
}

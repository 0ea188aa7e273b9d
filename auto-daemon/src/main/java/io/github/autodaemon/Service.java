package io.github.autodaemon;

/**
 * The service that runs in the daemon. The class has a constructor without parameters; one object of the class lives as
 * long as the daemon and holds the state.
 *
 * <p>The methods of the service, and of the objects that it returns, run one at a time unless the description says
 * {@link AutoDaemonBuilder#concurrent concurrent}, so plain fields need no lock.
 *
 * @param <T> the interface that clients call
 */
public interface Service<T> {
    /**
     * A client has connected; called once for each connection, before its first call.
     *
     * @param client the connection, for as long as it lasts
     * @return the object that answers this client's calls
     * @throws Exception when the client is not to be served; its calls fail with the message
     */
    T connected(Client client) throws Exception;

    /**
     * The daemon leaves; called once, when no call runs any more.
     *
     * @throws Exception which is logged
     */
    default void close() throws Exception {}
}

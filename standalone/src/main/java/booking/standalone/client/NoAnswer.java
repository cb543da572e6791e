package booking.standalone.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Why no answer came from where a gateway should be, in words that say what to try. */
final class NoAnswer {
    private NoAnswer() {}

    /** Of a question, or of a command that cannot have been taken. */
    static GatewayException from(URI url, IOException cause) {
        return new GatewayException(sentence(url, cause), cause);
    }

    private static String sentence(URI url, IOException cause) {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return "no gateway answers at " + url
                    + (isCausedBy(UnresolvedAddressException.class, cause) ? " (its host is not known)" : "")
                    + "; start one with \"booking start\", or name another with --url";
        }
        if (isCausedBy(CertificateException.class, cause)) {
            return "the gateway at " + url + " cannot be trusted (" + inWords(cause)
                    + "); if its certificate is of an authority of your own, name that with --ca";
        }
        if (cause instanceof SSLException) {
            return "what answers at " + url + " does not speak TLS (" + inWords(cause)
                    + "); a gateway without TLS is named with --url http://" + url.getRawAuthority();
        }
        return "no gateway's answer came from " + url + " (" + inWords(cause) + "); name one with --url"
                + ifItServesTls(url);
    }

    /** What to try where a connection without TLS ends before there is an answer. */
    static String ifItServesTls(URI url) {
        return "http".equals(url.getScheme())
                ? "; a gateway that serves TLS is named with --url https://" + url.getRawAuthority()
                : "";
    }

    /** What happened to the connection. */
    static String inWords(IOException cause) {
        if (cause instanceof ProtocolException) {
            return "what came is not HTTP";
        }
        if (cause instanceof HttpTimeoutException) {
            return "nothing came in time";
        }
        String message = cause.getMessage();
        return cause instanceof SSLException && message != null ? message : "the connection ended";
    }

    private static boolean isCausedBy(Class<? extends Throwable> kind, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}

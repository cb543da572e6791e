package booking.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    @Test
    void eachAlgorithmThatIsTakenCanBeVerified() {
        assertThat(new DefaultJWSVerifierFactory().supportedJWSAlgorithms()).containsAll(TokenVerifier.ALGORITHMS);
    }
}

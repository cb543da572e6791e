package booking.gateway.send;

import booking.configuration.Settings;
import java.time.Duration;

/**
 * When the gateway takes no more commands because those taken are not decided.
 *
 * @param group the consumer group that the processors form
 * @param mostUndecided how many undecided commands there may be; 0 for any number
 * @param longestStall how long none may be decided while some wait; zero for any time
 */
public record BacklogSettings(String group, long mostUndecided, Duration longestStall) {

    /** Takes {@code BOOKING_PROCESSOR_GROUP} and the {@code BOOKING_SHED_} variables. */
    public static BacklogSettings from(Settings settings) {
        return new BacklogSettings(
                settings.text("processor.group"),
                settings.integer("shed.undecided", 0, Integer.MAX_VALUE),
                settings.duration("shed.stalled", Duration.ZERO, Duration.ofDays(1)));
    }
}

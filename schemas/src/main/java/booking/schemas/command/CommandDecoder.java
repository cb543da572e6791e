package booking.schemas.command;

import booking.schemas.command.Decoded.Cause;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a record of {@code booking-commands} into a command, an answerable refusal or a dead letter.
 * Total: it never throws, whatever the bytes. Safe for use by many threads.
 */
public final class CommandDecoder {
    // Brokers limit records after compression, so one can be larger than all memory; a command has a few hundred bytes.
    private static final int MAX_VALUE_BYTES = 1024 * 1024;

    private static final String KNOWN_TYPES =
            Arrays.stream(CommandType.values()).map(CommandType::wireName).collect(Collectors.joining(", "));

    /**
     * Decodes one record.
     *
     * @param key the record's key, which must be the event id in UTF-8, or null when the record has none
     * @param value the record's value, JSON in UTF-8, or null when the record has none
     */
    public Decoded decode(byte @Nullable [] key, byte @Nullable [] value) {
        if (value == null || value.length == 0) {
            return new Decoded.DeadLetter(Cause.EMPTY_VALUE, "the record has no value");
        }
        if (value.length > MAX_VALUE_BYTES) {
            return new Decoded.DeadLetter(Cause.TOO_LARGE, "the value has " + value.length + " bytes");
        }
        try {
            return interpret(key, FieldReader.read(value));
        } catch (UnreadableValue e) {
            return e.asDeadLetter();
        }
    }

    private static Decoded interpret(byte @Nullable [] key, Fields fields) {
        UUID commandId;
        try {
            commandId = fields.uuid(Field.COMMAND_ID);
        } catch (IllegalArgumentException e) {
            return new Decoded.DeadLetter(Cause.NO_COMMAND_ID, message(e));
        }
        String eventId;
        try {
            eventId = fields.text(Field.EVENT_ID);
            FieldRules.requireEventId(eventId);
        } catch (IllegalArgumentException e) {
            return new Decoded.DeadLetter(Cause.NO_EVENT_ID, message(e));
        }
        Optional<CommandType> type = Optional.empty();
        try {
            type = Optional.of(knownType(fields.text(Field.TYPE)));
            requireKeyIsEventId(key, eventId);
            return new Decoded.Valid(command(type.get(), commandId, eventId, fields));
        } catch (IllegalArgumentException e) {
            return new Decoded.Refused(commandId, eventId, type, message(e));
        }
    }

    private static Command command(CommandType type, UUID commandId, String eventId, Fields fields) {
        // Part of every command, so it must make sense even where there is no event yet to have a version.
        OptionalLong expectedVersion = fields.optionalLong(Field.EXPECTED_VERSION);
        FieldRules.requireVersion(expectedVersion);
        return switch (type) {
            case CREATE_EVENT ->
                new CreateEvent(
                        commandId,
                        eventId,
                        fields.text(Field.NAME),
                        fields.instant(Field.DATE),
                        fields.optionalText(Field.VENUE).orElse(CreateEvent.DEFAULT_VENUE),
                        fields.integerOr(Field.CAPACITY, 1),
                        fields.optionalInteger(Field.PER_USER_LIMIT),
                        fields.optionalInstant(Field.SALES_OPEN_AT),
                        fields.optionalInstant(Field.SALES_CLOSE_AT));
            case UPDATE_EVENT ->
                new UpdateEvent(
                        commandId,
                        eventId,
                        fields.optionalText(Field.NAME),
                        fields.optionalInstant(Field.DATE),
                        fields.optionalText(Field.VENUE),
                        fields.optionalInteger(Field.CAPACITY),
                        fields.optionalInteger(Field.PER_USER_LIMIT),
                        fields.optionalInstant(Field.SALES_OPEN_AT),
                        fields.optionalInstant(Field.SALES_CLOSE_AT),
                        expectedVersion);
            case CLOSE_EVENT -> new CloseEvent(commandId, eventId, expectedVersion);
            case BOOK ->
                new Book(
                        commandId,
                        eventId,
                        fields.text(Field.USER_ID),
                        fields.integerOr(Field.QUANTITY, 1),
                        expectedVersion);
            case HOLD ->
                new Hold(
                        commandId,
                        eventId,
                        fields.text(Field.USER_ID),
                        fields.integerOr(Field.QUANTITY, 1),
                        fields.integer(Field.HOLD_SECONDS),
                        fields.optionalUuid(Field.WAITLIST_ID),
                        expectedVersion);
            case CONFIRM -> new Confirm(commandId, eventId, fields.uuid(Field.BOOKING_ID), expectedVersion);
            case CANCEL ->
                new Cancel(
                        commandId,
                        eventId,
                        fields.uuid(Field.BOOKING_ID),
                        fields.optionalText(Field.USER_ID),
                        expectedVersion);
            case EXPIRE_HOLD -> new ExpireHold(commandId, eventId, fields.uuid(Field.BOOKING_ID), expectedVersion);
            case JOIN_WAITLIST ->
                new JoinWaitlist(
                        commandId,
                        eventId,
                        fields.text(Field.USER_ID),
                        fields.integerOr(Field.QUANTITY, 1),
                        expectedVersion);
            case LEAVE_WAITLIST ->
                new LeaveWaitlist(
                        commandId,
                        eventId,
                        fields.text(Field.USER_ID),
                        fields.integerOr(Field.QUANTITY, 1),
                        expectedVersion);
        };
    }

    private static CommandType knownType(String name) {
        return CommandType.fromWireName(name)
                .orElseThrow(() -> new IllegalArgumentException("type must be one of " + KNOWN_TYPES));
    }

    private static void requireKeyIsEventId(byte @Nullable [] key, String eventId) {
        if (key == null) {
            throw new IllegalArgumentException("the record has no key; it must be the eventId");
        }
        // An event id is ASCII, so it has as many bytes as characters.
        boolean same = key.length == eventId.length();
        for (int i = 0; same && i < key.length; i++) {
            same = key[i] == eventId.charAt(i);
        }
        if (!same) {
            throw new IllegalArgumentException("the record's key is not the eventId");
        }
    }

    private static String message(IllegalArgumentException e) {
        String message = e.getMessage();
        return message == null ? "unreadable" : message;
    }
}

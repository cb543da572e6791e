package booking.gateway.http;

import booking.gateway.access.Caller;
import booking.gateway.access.Role;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a line of a batch may be: a command as on the topic, held to the rules that the calls of their own have. */
final class BatchRules {
    private static final Set<CommandType> TAKEN = EnumSet.complementOf(EnumSet.of(CommandType.EXPIRE_HOLD));
    /** Those about an event. */
    static final Set<CommandType> MANAGING =
            EnumSet.of(CommandType.CREATE_EVENT, CommandType.UPDATE_EVENT, CommandType.CLOSE_EVENT);
    /** Those whose userId says for whom they are. */
    private static final Set<CommandType> OF_USERS = EnumSet.of(
            CommandType.BOOK,
            CommandType.HOLD,
            CommandType.JOIN_WAITLIST,
            CommandType.LEAVE_WAITLIST,
            CommandType.CANCEL);

    private static final String TYPES =
            TAKEN.stream().map(CommandType::wireName).collect(Collectors.joining(", "));

    private final CommandIds ids;

    BatchRules(CommandIds ids) {
        this.ids = ids;
    }

    /**
     * The command of this line.
     *
     * @param key of the whole batch, if it has one: a line without a {@code commandId} has one made of it and its number
     * @throws RequestRefused when it is none, or this caller may not send it
     */
    Command command(Caller caller, Optional<String> key, long line, byte[] text) {
        CommandForm form = CommandForm.of(text);
        // First of all, so that every further refusal names it.
        UUID commandId = form.has("commandId")
                ? form.commandId(Optional.empty(), ids)
                : key.map(whole -> ids.ofLine(whole, line, caller)).orElseGet(ids::next);
        try {
            CommandType type = type(form);
            require(caller, type);
            if (type == CommandType.CREATE_EVENT && !form.has("eventId")) {
                form.with("eventId", commandId.toString());
            }
            // Who may act for others cancels anybody's booking, as long as it does not say for whom it asks.
            if (OF_USERS.contains(type) && !(type == CommandType.CANCEL && caller.mayActForOthers())) {
                Gate.forCallersUser(caller, form);
            }
            return form.command(type, commandId);
        } catch (RequestRefused e) {
            throw new RequestRefused(e.problem().about(commandId));
        }
    }

    private static CommandType type(CommandForm form) {
        return form.text("type")
                .flatMap(CommandType::fromWireName)
                .filter(TAKEN::contains)
                .orElseThrow(() -> new RequestRefused(ProblemCode.INVALID_COMMAND, "type must be one of " + TYPES));
    }

    private static void require(Caller caller, CommandType type) {
        Role needed = MANAGING.contains(type) ? Role.MANAGE_EVENTS : Role.BOOK;
        if (!caller.has(Set.of(needed))) {
            throw Gate.forbidden("this takes the role " + needed.written());
        }
    }
}

package booking.processor.desk;

import booking.schemas.availability.Availability;
import java.util.List;

/**
 * What is published for the commands that one poll brought from one partition.
 *
 * @param answers one for each record, in their order
 * @param availability the state of each event that they changed, after the last of them
 */
public record BatchAnswers(List<Answer> answers, List<Availability> availability) {}

package booking.processor.desk;

import booking.schemas.availability.Availability;
import java.util.List;

/**
 * What is published for the commands that one poll brought from one partition.
 *
 * @param answers one for each record, in their order
 * @param occasions why there is each of them
 * @param availability the state of each event that they changed, after the last of them
 */
public record BatchAnswers(List<Answer> answers, List<Occasion> occasions, List<Availability> availability) {

    static BatchAnswers of(List<Answered> answered, List<Availability> availability) {
        return new BatchAnswers(
                answered.stream().map(Answered::answer).toList(),
                answered.stream().map(Answered::occasion).toList(),
                availability);
    }
}

package io.flowscript.events.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A follower that is slow is told what matters of the changes that another engine has made meanwhile")
class FollowerTest {

    private static final Filter OPEN = new Filter(InboxQuery.OPEN, interaction -> true, InboxLimits.DEFAULTS);

    private final Asking asking = new Asking();
    private final Follower follower = follower(true);
    private Interaction open;
    private Interaction claimed;
    private Interaction answered;

    private static Follower follower(boolean isVisible) {
        return new Follower(
                new Filter(InboxQuery.OPEN, interaction -> isVisible, InboxLimits.DEFAULTS),
                InboxLimits.DEFAULTS.maxChanges(),
                () -> {},
                closed -> {});
    }

    @BeforeEach
    void ask() {
        open = asking.ask("a", Question.open());
        asking.flows.interactions().claim(open.token(), Identity.of("ann"), Duration.ofHours(1));
        asking.executor.runAll();
        claimed = now();
        asking.answer(open.token(), "ann");
        answered = now();
        assertThat(answered.status()).isEqualTo(Interaction.Status.ANSWERED);
    }

    private Interaction now() {
        return asking.flows.interactions().find(open.token()).orElseThrow();
    }

    @AfterEach
    void close() {
        asking.close();
    }

    @Test
    @DisplayName("that an interaction has gone, which it may have had before the first of them")
    void goneElsewhere() {
        follower.changedElsewhere(claimed);
        follower.changedElsewhere(answered);
        assertThat(follower.poll()).isEqualTo(new InboxChange.Left(open.token()));
        assertThat(follower.poll()).isNull();
    }

    @Test
    @DisplayName("that an interaction has gone that is not remembered any more, and others are told what is theirs")
    void forgottenAfterThat() {
        Followers followers = new Followers(Runnable::run, InboxLimits.DEFAULTS);
        Follower one = followers.add(OPEN, () -> {});
        Follower other = followers.add(OPEN, () -> {});
        followers.changedElsewhere(answered);
        followers.changed(answered, null, true);
        followers.signal();
        for (Follower each : List.of(one, other)) {
            assertThat(each.poll()).isEqualTo(new InboxChange.Left(open.token()));
            assertThat(each.poll()).isNull();
        }
    }

    @Test
    @DisplayName("that it is there, when it has gone and come back")
    void backElsewhere() {
        follower.changedElsewhere(answered);
        follower.changedElsewhere(open);
        assertThat(follower.poll()).isEqualTo(new InboxChange.Changed(open));
    }

    @Test
    @DisplayName("that it is there, when that is all that is known")
    void thereElsewhere() {
        follower.changedElsewhere(open);
        follower.changedElsewhere(claimed);
        assertThat(follower.poll()).isEqualTo(new InboxChange.Entered(claimed));
    }

    @Test
    @DisplayName(
            "that an interaction has gone that came here and went elsewhere, because a list may have been read between")
    void cameHereAndWentElsewhere() {
        follower.changed(open.token(), null, open, true, null);
        follower.changedElsewhere(answered);
        assertThat(follower.poll()).isEqualTo(new InboxChange.Left(open.token()));
        assertThat(follower.poll()).isNull();
    }

    @Test
    @DisplayName(
            "that an interaction in a store has gone that came and went, because a list may have been read between")
    void cameAndWentInStore() {
        follower.changed(open.token(), null, open, true, null);
        follower.changed(open.token(), open, answered, true, null);
        assertThat(follower.poll()).isEqualTo(new InboxChange.Left(open.token()));
        assertThat(follower.poll()).isNull();
    }

    @Test
    @DisplayName("the same when both changes are handed out as one")
    void bothAsOne() {
        List<Runnable> later = new ArrayList<>();
        Followers followers = new Followers(later::add, InboxLimits.DEFAULTS);
        Follower one = followers.add(OPEN, () -> {});
        followers.changed(null, open, true);
        followers.changed(open, answered, true);
        followers.signal();
        later.forEach(Runnable::run);
        assertThat(one.poll()).isEqualTo(new InboxChange.Left(open.token()));
        assertThat(one.poll()).isNull();
    }

    @Test
    @DisplayName("and nothing of what came and went here, nor of what it may not see")
    void nothing() {
        follower.changed(open.token(), null, open, false, null);
        follower.changed(open.token(), open, answered, false, null);
        assertThat(follower.poll()).isNull();

        Follower stranger = follower(false);
        stranger.changed(open.token(), null, answered, true, open);
        stranger.changed(open.token(), null, open, true, null);
        stranger.changed(open.token(), open, answered, true, null);
        stranger.changedElsewhere(claimed);
        stranger.changedElsewhere(answered);
        assertThat(stranger.poll()).isNull();
    }
}

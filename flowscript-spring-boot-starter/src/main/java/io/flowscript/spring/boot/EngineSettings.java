package io.flowscript.spring.boot;

import io.flowscript.core.log.Retention;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.engine.EngineLimits;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Makes the settings of an engine of the properties. Stateless. */
final class EngineSettings {

    private EngineSettings() {}

    static EngineLimits limits(FlowScriptProperties.Limits given) {
        return new Limiting(EngineLimits.defaults())
                .with(given.maxSteps(), EngineLimits::maxSteps)
                .with(given.executionTimeout(), EngineLimits::executionTimeout)
                .with(given.nodeTimeout(), EngineLimits::nodeTimeout)
                .with(given.maxExecutions(), EngineLimits::maxExecutions)
                .with(given.maxFinished(), EngineLimits::maxFinished)
                .with(given.maxWaiting(), EngineLimits::maxWaiting)
                .with(given.passivateAfter(), EngineLimits::passivateAfter)
                .with(given.maxWorkflows(), EngineLimits::maxWorkflows)
                .with(bytes(given.maxStateBytes()), EngineLimits::maxStateBytes)
                .with(bytes(given.maxEventBytes()), EngineLimits::maxEventBytes)
                .with(given.maxNodeThreads(), EngineLimits::maxNodeThreads)
                .with(given.maxOpenInteractions(), EngineLimits::maxOpenInteractions)
                .with(given.rememberedInteractions(), EngineLimits::rememberedInteractions)
                .with(given.rememberedCommands(), EngineLimits::rememberedCommands)
                .with(given.maxSeenBy(), EngineLimits::maxSeenBy)
                .with(given.maxStoreStall(), EngineLimits::maxStoreStall)
                .with(given.maxNodeStall(), EngineLimits::maxNodeStall)
                .with(bytes(given.stateBytes()), EngineLimits::stateBytes)
                .with(bytes(given.logBytes()), EngineLimits::logBytes)
                .limits();
    }

    static Retention retention(FlowScriptProperties.Retention given) {
        Retention usual = Retention.defaults();
        return new Retention(
                or(given.maxEvents(), usual.maxEvents()),
                or(bytes(given.maxSize()), usual.maxBytes()),
                or(given.afterEnd(), usual.afterEnd()));
    }

    static StoreRetention storeRetention(FlowScriptProperties.Stored given) {
        StoreRetention usual = StoreRetention.defaults();
        Duration maxAge = or(given.maxAge(), usual.maxAge());
        return new StoreRetention(
                maxAge, or(given.maxExecutions(), usual.maxExecutions()), or(bytes(given.maxSize()), usual.maxBytes()));
    }

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }

    private static @Nullable Long bytes(@Nullable DataSize size) {
        return size == null ? null : size.toBytes();
    }

    /** Limits, which take the values that are there. */
    private record Limiting(EngineLimits limits) {

        <T> Limiting with(@Nullable T value, BiFunction<EngineLimits, T, EngineLimits> setting) {
            return value == null ? this : new Limiting(setting.apply(limits, value));
        }
    }
}

package io.flowscript.spring.boot;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.util.ResourceUtils;

/**
 * Declares for a native image the workflows on the class path that {@code flowscript.workflows} names when the application is prepared ahead of time. Made by
 * Spring; stateless.
 */
final class WorkflowHints implements BeanFactoryInitializationAotProcessor {

    private static final List<String> PREFIXES =
            List.of(ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX, ResourceUtils.CLASSPATH_URL_PREFIX);

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        if (beans.getBeanNamesForType(FlowScriptAutoConfiguration.class, false, false).length == 0) {
            return null;
        }
        List<String> places = Binder.get(beans.getBean(Environment.class))
                .bindOrCreate("flowscript", FlowScriptProperties.class)
                .workflows();
        return (generation, code) -> places.stream()
                .flatMap(WorkflowHints::onClassPath)
                .forEach(generation.getRuntimeHints().resources()::registerPattern);
    }

    /** A pattern of Spring's resources as one of a native image, which does not know the question mark. Files that are elsewhere are in no image. */
    private static Stream<String> onClassPath(String place) {
        Optional<String> prefix = PREFIXES.stream().filter(place::startsWith).findFirst();
        return prefix
                .map(known ->
                        place.substring(known.length()).replaceFirst("^/", "").replace('?', '*'))
                .stream();
    }
}

package io.flowscript.spring.boot;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.store.ExecutionArchive;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScriptBuilder;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;

/** What the application gives to the engine, as Spring finds it. */
record EngineParts(
        ObjectProvider<NamedNode> nodes,
        ObjectProvider<WorkflowDefinition> workflows,
        ObjectProvider<EngineClock> clock,
        ObjectProvider<FlowScriptObserver> observer,
        ObjectProvider<FlowScriptTracer> tracer,
        ObjectProvider<BusinessTime> businessTime,
        ObjectProvider<FormValidator> forms,
        ObjectProvider<ExecutionArchive> archive,
        ObjectProvider<ExecutionStore> store,
        ObjectProvider<FlowScriptCustomizer> customizers) {

    void addTo(FlowScriptBuilder builder) {
        Map<String, NamedNode> known = new HashMap<>();
        nodes.orderedStream().forEach(node -> {
            if (known.put(node.name(), node) != null) {
                throw new FlowScriptException(
                        "invalid_setting", "Two beans are nodes with the name \"" + node.name() + "\"");
            }
            builder.node(node);
        });
        workflows.orderedStream().forEach(builder::workflow);
        clock.ifAvailable(builder::clock);
        observer.ifAvailable(builder::observer);
        tracer.ifAvailable(builder::tracer);
        businessTime.ifAvailable(builder::businessTime);
        forms.ifAvailable(builder::forms);
        archive.ifAvailable(builder::archive);
    }
}

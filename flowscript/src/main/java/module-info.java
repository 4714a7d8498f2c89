/** The workflow language and the delivery of events together: the one module that an application needs. */
module io.flowscript {
    requires transitive io.flowscript.events;
    requires transitive io.flowscript.language;
}

package io.flowscript.core;

/**
 * Identifies a command of a client, so that it is carried out once although it is sent several times. An execution remembers
 * the keys of the commands that have changed it.
 *
 * @param sender in whose name the id is unique, such as the name of a person
 * @param id the id that the sender gave the command
 * @param digest what the command says; another command of the same sender with the same id has another digest
 * @since 0.1.0
 */
public record CommandKey(String sender, String id, String digest) {}

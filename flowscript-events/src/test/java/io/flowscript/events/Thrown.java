package io.flowscript.events;

/** What code of an application throws that keeps to no rule. */
public enum Thrown {
    /** A checked exception that no signature names. */
    UNDECLARED,
    /** An exception that fails to say anything about itself. */
    UNPRINTABLE,
    /** An error. */
    ERROR;

    private static final class Unprintable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("getMessage");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("getCause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }

    /**
     * Throws it.
     *
     * @return nothing; for the compiler
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
    public <T> T fling() {
        Throwable thrown = switch (this) {
            case UNDECLARED -> new Exception("undeclared");
            case UNPRINTABLE -> new Unprintable();
            case ERROR -> new AssertionError("an error");
        };
        throw Thrown.<RuntimeException>sneaky(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }
}

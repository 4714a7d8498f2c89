package io.flowscript.testsupport;

/** What code of an application throws that keeps to no rule. */
public enum Thrown {
    /** A checked exception that no signature names. */
    UNDECLARED {
        @Override
        Throwable make() {
            return new Exception("undeclared");
        }
    },
    /** An exception that fails to say anything about itself. */
    UNPRINTABLE {
        @Override
        Throwable make() {
            return new Unprintable();
        }
    },
    /** An error. */
    ERROR {
        @Override
        Throwable make() {
            return new AssertionError("an error");
        }
    };

    private static final class Unprintable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("getMessage");
        }

        @Override
        public String getLocalizedMessage() {
            throw new IllegalStateException("getLocalizedMessage");
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

    abstract Throwable make();

    /** Throws it; the result is for the compiler. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
    public <T> T fling() {
        throw Thrown.<RuntimeException>sneaky(make());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }
}

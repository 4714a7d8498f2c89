package io.flowscript.language.expressions;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.apache.commons.jexl3.introspection.JexlPermissions;

/** Hides all Java classes, constructors, fields and methods from expressions. */
enum NoPermissions implements JexlPermissions {
    INSTANCE;

    @Override
    public boolean allow(Class<?> type) {
        return false;
    }

    @Override
    public boolean allow(Constructor<?> constructor) {
        return false;
    }

    @Override
    public boolean allow(Field field) {
        return false;
    }

    @Override
    public boolean allow(Method method) {
        return false;
    }

    @Override
    public boolean allow(Package pack) {
        return false;
    }

    @Override
    public JexlPermissions compose(String... sources) {
        return this;
    }
}

package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs the clauses of {@link PassingContract}: it keeps one {@link PassingScene} for each class,
 * and expects a clause to fail that the class has declared.
 */
final class PassingTable implements ParameterResolver, InvocationInterceptor {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(PassingTable.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext clause) {
    return parameter.getParameter().getType().equals(PassingScene.class);
  }

  /** JUnit closes the scene with the context of the class. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext clause) {
    PassingContract contract = (PassingContract) clause.getRequiredTestInstance();
    PassingScene scene =
        clause
            .getParent()
            .orElseThrow()
            .getStore(OURS)
            .getOrComputeIfAbsent(
                PassingScene.class, key -> new PassingScene(contract), PassingScene.class);
    scene.begin(contract.cannotPass().contains(clause.getRequiredTestMethod().getName()));
    return scene;
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> clause,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    Set<String> declared = ((PassingContract) context.getRequiredTestInstance()).cannotPass();
    assertThat(context.getRequiredTestClass().getMethods())
        .extracting(Method::getName)
        .as("cannotPass() promises names of clauses")
        .containsAll(declared);
    String name = invoked.getExecutable().getName();
    if (!declared.contains(name)) {
      clause.proceed();
      return;
    }
    assertThat(Arrays.asList(invoked.getExecutable().getParameterTypes()))
        .as("cannotPass() promises names of clauses of PassingContract")
        .contains(PassingScene.class);
    try {
      clause.proceed();
    } catch (AssertionError | IOException asDeclared) {
      return;
    }
    fail("[cannotPass() promises that " + name + " fails] but it passes: take it out");
  }
}

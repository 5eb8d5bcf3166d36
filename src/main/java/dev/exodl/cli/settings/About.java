package dev.exodl.cli.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the documentation and {@code doctor} say of a setting, and which variables of others also
 * mean it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface About {
  /** One sentence for people. */
  String value();

  /**
   * Variables of the hub's own clients and of common custom that set it too, first wins. One that
   * starts with {@code !} turns the setting off when it is true, and on when it is false.
   */
  String[] also() default {};

  /**
   * What is taken when nothing sets it, as text for people; for those that {@link SettingsLookup}
   * computes.
   */
  String otherwise() default "";

  /** Whether the value must never be shown. */
  boolean secret() default false;
}

package io.thunderhead.app.lifecycle;

/**
 * A role can't do its work for a reason that lies outside the program. The message is the one line
 * that the user sees, so it says what to do; no stack trace is shown.
 */
public final class RoleFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RoleFailedException(String message) {
    super(message);
  }

  public RoleFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}

/*
 * liblibchelper.a (3): the user's locale, as java.util.Locale wants it. Names from the annotations of LocaleCHelper in
 * svm.jar; which category gives what is documented for user.language and user.language.format of the JDK.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "include/svm_locale.h"

static svm_locale_props_t props;

/* The part after a separator up to the next one, or NULL when it is not there or empty. */
static int part(const char *name, char separator, const char *ends, char **result) {
  *result = NULL;
  const char *start = strchr(name, separator);
  if (start == NULL) return 1;
  size_t length = strcspn(++start, ends);
  if (length == 0) return 1;
  return (*result = strndup(start, length)) != NULL;
}

/* language[_COUNTRY][.charset][@modifier], see setlocale(3) */
static int read_locale(int category, char **language, char **script, char **country, char **variant) {
  const char *name = setlocale(category, NULL);
  *script = *country = *variant = NULL;
  if (name == NULL || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0 || strncmp(name, "C.", 2) == 0) {
    return (*language = strdup("en")) != NULL;
  }
  char *modifier;
  if ((*language = strndup(name, strcspn(name, "_.@"))) == NULL) return 0;
  if (strcspn(name, "_") < strcspn(name, ".@") && !part(name, '_', ".@", country)) return 0;
  if (!part(name, '@', "", &modifier)) return 0;
  if (modifier != NULL) {
    /* the modifiers of glibc's locales that name a script; euro and others say nothing to Java */
    const char *named = strcmp(modifier, "latin") == 0      ? "Latn"
                        : strcmp(modifier, "cyrillic") == 0 ? "Cyrl"
                        : strcmp(modifier, "devanagari") == 0 ? "Deva"
                                                              : NULL;
    free(modifier);
    if (named != NULL && (*script = strdup(named)) == NULL) return 0;
  }
  return 1;
}

int svm_initialize_locale(void) {
  setlocale(LC_ALL, "");
  int whole = read_locale(LC_MESSAGES, (char **)&props.display_language, (char **)&props.display_script,
                          (char **)&props.display_country, (char **)&props.display_variant)
              && read_locale(LC_CTYPE, (char **)&props.format_language, (char **)&props.format_script,
                             (char **)&props.format_country, (char **)&props.format_variant);
  return whole ? SVM_LOCALE_INITIALIZATION_SUCCEEDED : SVM_LOCALE_INITIALIZATION_OUT_OF_MEMORY;
}

svm_locale_props_t *svm_get_locale(void) { return &props; }

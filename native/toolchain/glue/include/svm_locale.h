/* Names from the @CField and @CConstant annotations of LocaleCHelper in svm.jar. */
#ifndef EXODL_SVM_LOCALE_H
#define EXODL_SVM_LOCALE_H

#define SVM_LOCALE_INITIALIZATION_SUCCEEDED 1
#define SVM_LOCALE_INITIALIZATION_OUT_OF_MEMORY 2

/* What setlocale(3) tells: display_ for LC_MESSAGES, format_ for LC_CTYPE; NULL where it says nothing. */
typedef struct {
  const char *display_language;
  const char *display_script;
  const char *display_country;
  const char *display_variant;
  const char *format_language;
  const char *format_script;
  const char *format_country;
  const char *format_variant;
} svm_locale_props_t;

#endif

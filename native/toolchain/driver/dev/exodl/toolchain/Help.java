package dev.exodl.toolchain;

/** The text of {@code --help}. */
final class Help {

  private Help() {}

  static String text() {
    return """
    Usage: native-image [options] class [image name]      (the class with the main method)
       or: native-image [options] -jar <file> [image name]
       or: native-image [options] --shared -o <name>

    What goes in:
      -cp, -classpath, --class-path <folders and jars>    the class path, divided by ':'
      -jar <file>                       a jar that names its main class
      --exclude-config <jar> <resource> leave out metadata; two regular expressions, for the class path entry and for
                                        the resource in it (or one word: <jar>,<resource>)
      --features=<class>,...            builder features to run
      --initialize-at-build-time[=<class or package>,...]
      --initialize-at-run-time=<class or package>,...
      --link-at-build-time[=<class or package>,...]
      --link-at-build-time-paths=<jar>,...
      --enable-url-protocols=<name>,... such as http,https (or --enable-http, --enable-https)
      --enable-all-security-services
      --enable-monitoring=<name>,...    such as heapdump,threaddump
      --add-exports, --add-opens, --add-reads, --enable-native-access, --enable-preview    as for java
      --exact-reachability-metadata[=<package>,...]

    What comes out:
      -o <name or path>                 the image
      -O<level>                         b (quick build), s (small), 0 to 3
      -march=<type>                     such as haswell, compatibility, native; list shows them
      -g                                debugging information
      --gc=serial, --gc=epsilon         garbage collector
      --shared, --static, --static-nolibc
      --no-fallback                     an image of its own or none
      -H:<option>, -R:<option>          an option of the builder, of the image's runtime
                                        (-H:PrintFlags=User shows them)

    How it is built:
      -J<flag>                          a flag for the JVM that runs the builder, such as -J-Xmx4g
      -D<name>=<value>                  a system property for it
      -E<name>[=<value>]                an environment variable for it
      --parallelism=<threads>
      --native-compiler-path=<path>, --native-compiler-options=<options>
      --color[=always|never|auto], --silent
      --debug-attach[=<port>]           wait for a debugger on this machine, by default at port 8000
      --verbose                         show the builder's command first
      --dry-run                         show the builder's command, one argument a line, and do nothing
      @<file>                           read arguments from a file; the environment variable
                                        NATIVE_IMAGE_OPTIONS holds arguments as well
      --list-cpu-features, --list-modules, --native-image-info
      --version, --help

    Exit codes: 0 done, 2 wrong usage, else what the builder ended with.
    """;
  }
}

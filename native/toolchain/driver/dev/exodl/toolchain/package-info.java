/**
 * The {@code native-image} command of a toolchain that is assembled from packages.
 *
 * <p>A <em>home</em> is a JDK's folder with the builder in it. The <em>builder</em> is the program
 * that makes an executable: a Java program of its own (`NativeImageGeneratorRunner`), run by the
 * home's own JVM, that understands <em>builder options</em> ({@code -H:Name=value}) only. The
 * <em>command</em> is what people and build tools call. It takes the <em>command options</em>
 * ({@code --no-fallback}), adds what the class path says about itself under {@code
 * META-INF/native-image} (the <em>metadata</em>), turns all of it into builder options, each with
 * its <em>origin</em>, and runs the builder.
 *
 * <p>Written from the public documentation of the options, the names of the annotated option fields
 * in the published builder jars, and what the builder prints. There are no dependencies, so that
 * {@code javac} alone compiles it.
 */
package dev.exodl.toolchain;

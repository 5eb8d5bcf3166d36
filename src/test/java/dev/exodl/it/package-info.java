/**
 * The built program as a process of its own against the emulator: kills, signals, full disks,
 * several processes at once, and other programs that read what it wrote. The program is the bundle
 * that the system property {@code exodl.home} names.
 */
@NullMarked
package dev.exodl.it;

import org.jspecify.annotations.NullMarked;

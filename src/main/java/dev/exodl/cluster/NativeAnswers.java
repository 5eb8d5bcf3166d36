package dev.exodl.cluster;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.RecomputeFieldValue;
import com.oracle.svm.core.annotate.TargetClass;

/**
 * How long a native image keeps what a name service said: the JDK's class for that is initialised
 * when the image is built, so what {@link NameLookup} sets is not read. The image's build stops
 * when the JDK no longer has these fields.
 */
@TargetClass(className = "sun.net.InetAddressCachePolicy")
final class NativeAnswers {
  @Alias
  @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.FromAlias)
  static int cachePolicy = NameLookup.KEPT_SECONDS;

  @Alias
  @RecomputeFieldValue(kind = RecomputeFieldValue.Kind.FromAlias)
  static int negativeCachePolicy = 0;

  private NativeAnswers() {}
}

// Reads a cache with Hugging Face's own JavaScript client and prints what it saw, one line a file:
//   repo <TAB> commit <TAB> refs <TAB> path in the snapshot <TAB> size
// Every complaint of the client is a line on stderr and ends the script with 1.
import { relative } from "node:path";
import { scanCacheDir } from "@huggingface/hub";

const cache = await scanCacheDir(process.argv[2]);
for (const repo of cache.repos) {
  for (const revision of repo.revisions) {
    for (const file of revision.files) {
      const path = relative(revision.path, file.path);
      console.log([repo.id.name, revision.commitOid, revision.refs.join(","), path, file.blob.size].join("\t"));
    }
  }
}
for (const warning of cache.warnings) {
  console.error(String(warning));
  process.exitCode = 1;
}

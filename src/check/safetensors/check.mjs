// Opens the safetensors files of a folder with Hugging Face's JavaScript library, as if the folder
// were a repo on the hub: the library asks for the index and for ranges of the files, and gets
// them from the disk. Then holds what it read against the manifest and the bytes.
//
//   node check.mjs DIR
import { createHash } from "node:crypto";
import { openSync, readSync, readFileSync, statSync, existsSync, closeSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSafetensorsMetadata } from "@huggingface/hub";

const BITS = {
  BOOL: 8, U8: 8, I8: 8, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, U16: 16, I16: 16, F16: 16, BF16: 16,
  U32: 32, I32: 32, F32: 32, U64: 64, I64: 64, F64: 64, C64: 64, F4: 4, F6_E2M3: 6, F6_E3M2: 6,
};

const dir = resolve(process.argv[2] ?? ".");
let failures = 0;

function check(right, what) {
  if (!right) {
    failures++;
    console.error(`wrong: ${what}`);
  }
}

function bytes(path, from, to) {
  const file = openSync(path, "r");
  try {
    const into = Buffer.alloc(to - from);
    let done = 0;
    while (done < into.length) {
      const got = readSync(file, into, done, into.length - done, from + done);
      if (got === 0) {
        throw new Error(`${path} ends before ${to}`);
      }
      done += got;
    }
    return into;
  } finally {
    closeSync(file);
  }
}

/** The hub, as far as the library asks it: files of one repo, whole or in ranges. */
async function fromDisk(input, init = {}) {
  const url = new URL(typeof input === "string" || input instanceof URL ? input : input.url);
  const name = decodeURIComponent(url.pathname.split(/\/(?:resolve|raw)\/[^/]+\//)[1] ?? "");
  const path = join(dir, name);
  if (name === "" || !existsSync(path)) {
    return new Response("Entry not found", {
      status: 404, headers: { "X-Error-Code": "EntryNotFound" } });
  }
  const size = statSync(path).size;
  const headers = new Headers(init.headers);
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.get("range") ?? "");
  const common = { ETag: `"${size}"`, "X-Linked-Size": String(size), "Accept-Ranges": "bytes" };
  if ((init.method ?? "GET") === "HEAD") {
    return new Response(null, { status: 200, headers: { ...common, "Content-Length": String(size) } });
  }
  if (range === null) {
    return new Response(readFileSync(path), { status: 200, headers: common });
  }
  const from = Number(range[1]);
  const to = range[2] === "" ? size : Math.min(size, Number(range[2]) + 1);
  return new Response(bytes(path, from, to), {
    status: 206,
    headers: { ...common, "Content-Range": `bytes ${from}-${to - 1}/${size}` },
  });
}

const manifest = JSON.parse(readFileSync(join(dir, "exo-dl-shard.json"), "utf8"));
const index = JSON.parse(readFileSync(join(dir, manifest.index), "utf8"));
const read = await parseSafetensorsMetadata({
  repo: manifest.repo,
  fetch: fromDisk,
  ...(Object.keys(index.weight_map).length > 0 ? { path: manifest.index } : {}),
});

check(read.sharded, "the library does not take it for a model with an index");
let total = 0;
let tensors = 0;
for (const file of manifest.files) {
  const header = read.headers[file.path];
  check(header !== undefined, `the library read no header of ${file.path}`);
  if (header === undefined) {
    continue;
  }
  const path = join(dir, file.path);
  const dataStart = 8 + Number(bytes(path, 0, 8).readBigUInt64LE(0));
  check(dataStart % 8 === 0, `${file.path}: its data begin at ${dataStart}`);
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const told = new Map(file.tensors.map((tensor) => [tensor.name, tensor]));
  check(names.length === told.size, `${file.path}: ${names.length} tensors, ${told.size} told`);
  let end = 0;
  for (const name of names) {
    const { dtype, shape, data_offsets: [from, to] } = header[name];
    const elements = shape.reduce((all, size) => all * size, 1);
    check(to - from === (elements * BITS[dtype]) / 8, `${name}: ${to - from} bytes do not fit`);
    const tensor = told.get(name);
    check(
      tensor?.from === dataStart + from && tensor?.to === dataStart + to && tensor?.type === dtype,
      `${name}: the manifest says something else`);
    check(index.weight_map[name] === file.path.split("/").at(-1), `${name}: not so in the index`);
    total += to - from;
    end = Math.max(end, to);
    tensors++;
  }
  check(dataStart + end === statSync(path).size, `${file.path}: bytes that belong to no tensor`);
  for (const range of file.ranges) {
    const hash = createHash("sha256");
    for (let at = range.from; at < range.to; at += 1 << 24) {
      hash.update(bytes(path, at, Math.min(range.to, at + (1 << 24))));
    }
    check(hash.digest("hex") === range.sha256, `${file.path}: another sha256 than in the manifest`);
  }
}
check(total === index.metadata.total_size, `${total} bytes, ${index.metadata.total_size} in the index`);
check(tensors === Object.keys(index.weight_map).length, "the index has other tensors");
console.log(
  `${dir}: ${manifest.files.length} files, ${tensors} tensors, ${total} bytes, ` +
    (failures === 0 ? "all read by @huggingface/hub" : `${failures} wrong`));
process.exit(failures === 0 ? 0 : 1);

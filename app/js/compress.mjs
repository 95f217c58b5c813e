// Writes a `.br` beside each file that is named, by Node's own brotli: native, one file a thread.
import { readFile, rename, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

await Promise.all(
  process.argv.slice(2).map(async (file) => {
    const content = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      // A window that holds the whole file.
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    const compressed = await compress(content, { params });
    // Under another name first: half a copy is never served.
    await writeFile(`${file}.part`, compressed);
    await rename(`${file}.part`, `${file}.br`);
    console.error(`    ${file.split("/").at(-1)}: ${Math.floor(content.length / 1024)} -> ${Math.floor(compressed.length / 1024)} KiB`);
  }),
);

/** Makes one script of a module and all that it imports: node bundle.mjs FROM TO */
import process from "node:process";
import { build } from "esbuild";

const [from, to] = process.argv.slice(2);
await build({ entryPoints: [from], outfile: to, bundle: true, format: "esm", target: "es2022", define: { "process.env.NODE_ENV": '"production"' }, logLevel: "warning" });

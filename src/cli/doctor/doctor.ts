/**
 * `houska doctor`: for a person who can't connect, or whose broker doesn't start.
 */
import { type Command, WrongUse } from "../command.ts";
import { parseOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { propertiesFileOf } from "../usual-properties.ts";
import { examine } from "./examine.ts";
import { examinationAsJson, examinationAsText } from "./report.ts";

const usage = `usage: houska doctor [server.properties] [options]

Finds out why clients can't connect, or why the broker doesn't start. It looks at the configuration, at the log
directories and at the ports, and connects as a client would; it changes nothing. Run it on the broker's machine, or in
its container, as the broker's user, whether the broker runs or not. Without a properties file it takes the container
image's, or the defaults.

The exit code is 1 if there is a problem: something that doesn't work. A warning may be wrong, a note is worth knowing.

  --override key=value   sets a property, stronger than the file; may be repeated
  --cluster-id ID        the id that the log directories should have; else CLUSTER_ID of the environment
  --timeout milliseconds how long a broker may take to answer; 2000 if not said
  --output json          prints a JSON object
`;

const DEFAULT_TIMEOUT_MS = 2000;

export const doctor: Command = { usage, run };

async function run(words: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parseOptions(words, {
    override: { type: "string", multiple: true },
    "cluster-id": { type: "string" },
    timeout: { type: "string" },
    output: { type: "string" },
  });
  const [file, more] = positionals;
  if (more !== undefined) throw new WrongUse(`one properties file is expected, and '${more}' is another`);
  const form = values.output ?? "text";
  if (form !== "text" && form !== "json") throw new WrongUse(`--output is text or json, and not ${form}`);
  const timeoutMs = Number(values.timeout ?? DEFAULT_TIMEOUT_MS);
  if (!(timeoutMs > 0))
    throw new WrongUse(`--timeout is a number of milliseconds, and not ${values.timeout}`);
  const examination = await examine({
    propertiesFile: propertiesFileOf(file),
    overrides: values.override ?? [],
    clusterId: values["cluster-id"] ?? (process.env.CLUSTER_ID || undefined),
    timeoutMs,
  });
  output.line(form === "json" ? examinationAsJson(examination) : examinationAsText(examination));
  return examination.findings.some(({ severity }) => severity === "problem") ? 1 : 0;
}

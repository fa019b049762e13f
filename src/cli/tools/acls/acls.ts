/**
 * kafka-acls: lists, adds and removes rules of who may do what.
 */
import { checkError } from "../../../client/check-error.ts";
import type { KafkaClient } from "../../../client/client.ts";
import { CreateAclsRequest, CreateAclsResponse } from "../../../protocol/messages/create-acls.ts";
import { DeleteAclsRequest, DeleteAclsResponse } from "../../../protocol/messages/delete-acls.ts";
import { DescribeAclsRequest, DescribeAclsResponse } from "../../../protocol/messages/describe-acls.ts";
import { WrongUse } from "../../command.ts";
import type { Output } from "../../output.ts";
import { failureTextOfJava, ToolFailure } from "../../tool/failure.ts";
import { tool } from "../../tool/tool.ts";
import { type AclsGiven, aclOptions, chosenAction } from "./options.ts";
import {
  ANY,
  type Entry,
  entryText,
  isSpecific,
  type Pattern,
  patternsOf,
  patternText,
  principalOf,
  type Rules,
  rulesOf,
} from "./rules.ts";

export const acls = tool({
  description: "Lists, adds and removes rules of who may do what.",
  options: aclOptions,
  async run(given, { connect, output }) {
    const action = chosenAction(given);
    const client = connect(given);
    if (action === "list") await list(client, given, output);
    else if (action === "add") await add(client, rulesToAdd(given), output);
    else await remove(client, rulesOf(given), given.force);
    return 0;
  },
  fail(error, output) {
    const text = failureTextOfJava(error);
    if (text !== null) output.line(`Error while executing ACL command: ${text}`);
    return text !== null;
  },
});

async function list(client: KafkaClient, given: AclsGiven, output: Output): Promise<void> {
  const patterns = patternsOf(given);
  const found = [];
  for (const pattern of patterns.length === 0 ? [null] : patterns)
    found.push(...(await describe(client, pattern)));
  const principals = given.principal.map(principalOf);
  if (principals.length === 0) print(found, output);
  for (const principal of principals) {
    output.line(`ACLs for principal \`${principal}\``);
    const theirs = found.map(({ pattern, entries }) => ({
      pattern,
      entries: entries.filter((entry) => entry.principal === principal),
    }));
    print(
      theirs.filter(({ entries }) => entries.length > 0),
      output,
    );
  }
}

function print(rules: readonly Rules[], output: Output): void {
  for (const { pattern, entries } of rules) {
    const lines = entries.map((entry) => `\t${entryText(entry)}`);
    output.line(`Current ACLs for resource \`${patternText(pattern)}\`:\n${lines.join("\n")}\n`);
  }
}

/** The rules about what a pattern stands for; all for null. Rejects with a KafkaError. */
async function describe(client: KafkaClient, pattern: Pattern | null): Promise<Rules[]> {
  const answer = await client.send("any", DescribeAclsRequest, DescribeAclsResponse, {
    resourceTypeFilter: pattern?.type ?? ANY,
    resourceNameFilter: pattern?.name ?? null,
    patternTypeFilter: pattern?.patternType ?? ANY,
    ...{ principalFilter: null, hostFilter: null, operation: ANY, permissionType: ANY },
  });
  checkError(answer.errorCode, answer.errorMessage);
  return answer.resources.map(({ resourceType, resourceName, patternType, acls: entries }) => ({
    pattern: { type: resourceType, name: resourceName, patternType },
    entries: entries.map(({ principal, host, operation, permissionType }) => ({
      ...{ principal, host, operation, permission: permissionType },
    })),
  }));
}

function rulesToAdd(given: AclsGiven): Rules[] {
  const rules = rulesOf(given);
  if (rules.some(({ pattern }) => !isSpecific(pattern))) {
    throw new WrongUse(
      `A '--resource-pattern-type' value of '${given["resource-pattern-type"].toUpperCase()}' is not valid when ` +
        "adding acls.",
    );
  }
  if (rules.every(({ entries }) => entries.length > 0)) return rules;
  throw new WrongUse("You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.");
}

async function add(client: KafkaClient, rules: readonly Rules[], output: Output): Promise<void> {
  for (const { pattern, entries } of rules) {
    const there = (await describe(client, pattern)).flatMap((one) => one.entries.map(entryText));
    const added = entries.filter((entry) => !there.includes(entryText(entry)));
    for (const entry of entries) {
      if (added.includes(entry)) continue;
      output.line(`Acl (pattern=${patternText(pattern)}, entry=${entryText(entry)}) already exists.`);
    }
    if (added.length === 0) continue;
    const lines = added.map((entry) => `\t${entryText(entry)}`);
    output.line(`Adding ACLs for resource \`${patternText(pattern)}\`: \n ${lines.join("\n")}\n`);
    const { results } = await client.send("controller", CreateAclsRequest, CreateAclsResponse, {
      creations: added.map(({ principal, host, operation, permission }) => ({
        ...{
          resourceType: pattern.type,
          resourceName: pattern.name,
          resourcePatternType: pattern.patternType,
        },
        ...{ principal, host, operation, permissionType: permission },
      })),
    });
    for (const { errorCode, errorMessage } of results) checkError(errorCode, errorMessage);
  }
}

async function remove(client: KafkaClient, rules: readonly Rules[], force: boolean): Promise<void> {
  for (const { pattern, entries } of rules) {
    const filter = `resource filter \`${patternText(pattern, "ResourcePattern")}\``;
    const lines = entries.map((entry) => `\t${entryText(entry)}`);
    const question =
      entries.length === 0
        ? `Are you sure you want to delete all ACLs for ${filter}?`
        : `Are you sure you want to remove ACLs: \n ${lines.join("\n")}\n from ${filter}?`;
    if (!force && !isConfirmed(question)) continue;
    await removeRules(client, pattern, entries.length === 0 ? [null] : entries);
  }
}

/** Asks whoever sits at the terminal; who doesn't has to say `--force`. */
function isConfirmed(question: string): boolean {
  if (!process.stdin.isTTY)
    throw new ToolFailure(`${question} Nobody is there to ask; --force says so beforehand`);
  return prompt(`${question} (y/n)`)?.toLowerCase() === "y";
}

/** Removes these rules about a pattern; all for null. */
async function removeRules(
  client: KafkaClient,
  pattern: Pattern,
  entries: readonly (Entry | null)[],
): Promise<void> {
  const { filterResults } = await client.send("controller", DeleteAclsRequest, DeleteAclsResponse, {
    filters: entries.map((entry) => ({
      ...{
        resourceTypeFilter: pattern.type,
        resourceNameFilter: pattern.name,
        patternTypeFilter: pattern.patternType,
      },
      ...{ principalFilter: entry?.principal ?? null, hostFilter: entry?.host ?? null },
      ...{ operation: entry?.operation ?? ANY, permissionType: entry?.permission ?? ANY },
    })),
  });
  for (const { errorCode, errorMessage } of filterResults) checkError(errorCode, errorMessage);
}

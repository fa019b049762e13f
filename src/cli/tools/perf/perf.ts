/**
 * The two performance tests: under the names of Kafka's tools, and both together as `houska perf`.
 */
import { action, toolWithActions } from "../../tool/actions.ts";
import { tool } from "../../tool/tool.ts";
import { consumePerformance } from "./consume.ts";
import { producePerformance } from "./produce.ts";

export const producerPerfTest = tool(producePerformance);
export const consumerPerfTest = tool(consumePerformance);

export const perf = toolWithActions({
  description: "Measures how fast records go into a topic, and come out of it.",
  actions: { produce: action(producePerformance), consume: action(consumePerformance) },
});

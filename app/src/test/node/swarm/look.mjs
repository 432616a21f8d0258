// What is made in a swarm, and what must be found there ever after.
const AGENTS = ['researcher', 'coder', 'analyst', 'optimizer', 'coordinator'];
const TASKS = ['read the paper', 'write the code', 'look at the figures'];

/** Makes a swarm, agents and tasks, and returns the ids that were given. */
export async function make(call) {
  const swarm = (await call('swarm_init', { topology: 'mesh', maxAgents: 8 })).id;
  const agents = {};
  const networks = {};
  for (const type of AGENTS) {
    // The last one is named by the server, after the time.
    const name = type === 'coordinator' ? {} : { name: `the-${type}` };
    const { agent } = await call('agent_spawn', { type, ...name });
    agents[agent.name] = agent.id;
    networks[agent.name] = agent.neural_network_id;
  }
  const tasks = [];
  for (const task of TASKS) tasks.push((await call('task_orchestrate', { task })).taskId);
  return { swarm, agents, networks, tasks };
}

/** Everything that is not as it was made, in sentences. */
export async function differences(ask, { swarm, agents, networks, tasks }) {
  const found = [];
  const same = (what, is, was) => {
    const [a, b] = [JSON.stringify(is), JSON.stringify(was)];
    if (a !== b) found.push(`${what}: ${a}, and was ${b}`);
  };
  const listed = (await ask('agent_list', { filter: 'all' })).agents;
  const sorted = (pairs) => Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
  same('how many agents', listed.length, AGENTS.length);
  same('agents', sorted(listed.map(({ name, id }) => [name, id])), sorted(Object.entries(agents)));
  same('networks', sorted(listed.map((one) => [one.name, one.neural_network_id])), sorted(Object.entries(networks)));
  const known = (await ask('task_status', {})).tasks;
  same('tasks', known.map(({ id }) => id).sort(), [...tasks].sort());
  const strangers = known.flatMap((task) => task.assignedAgents).filter((id) => !Object.values(agents).includes(id));
  same('who works on a task without being an agent', strangers, []);
  const { active_swarms: active, swarms } = await ask('swarm_status', {});
  same('how many swarms', active, 1);
  same('swarms', swarms.map(({ id }) => id), [swarm]);
  same('agents by the count', swarms.map(({ status }) => status.agents.total), [AGENTS.length]);
  same('tasks by the count', swarms.map(({ status }) => status.tasks.total), [TASKS.length]);
  return found;
}

// A server with the tools, resources and prompts that the official conformance suite asks for by
// name in revision 2025-11-25, on the TypeScript SDK, version 2, over stdio.
import { Server } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

// One pixel, and a WAV file without a sample.
const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const AUDIO = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

const text = (words) => ({ type: 'text', text: words });
const image = { type: 'image', data: IMAGE, mimeType: 'image/png' };
const resource = (uri, words) => ({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: words } });
const object = (properties = {}, more = {}) => ({ type: 'object', properties, ...more });
const titled = (word, numbers) => numbers.map((n) => ({ const: `value${n}`, title: `The ${word} ${n}` }));
const options = ['option1', 'option2', 'option3'];

const ask = async (context, method, params) => [text(JSON.stringify(await context.mcpReq.send({ method, params })))];
const elicit = (context, message, properties) =>
  ask(context, 'elicitation/create', { message, requestedSchema: object(properties, { required: [] }) });

const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};
const ENUMS = {
  untitledSingle: { type: 'string', enum: options },
  titledSingle: { type: 'string', oneOf: titled('choice', [1, 2, 3]) },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
  titledMulti: { type: 'array', items: { anyOf: titled('choices', [1, 2, 3]) } },
};
const SCHEMA = object(
  {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: { address: { $anchor: 'addressDef', ...object({ street: { type: 'string' }, city: { type: 'string' } }) } },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  },
);

const TOOLS = {
  test_simple_text: () => [text('This is a simple text response for testing.')],
  test_image_content: () => [image],
  test_audio_content: () => [{ type: 'audio', data: AUDIO, mimeType: 'audio/wav' }],
  test_embedded_resource: () => [resource('test://embedded-resource', 'This is an embedded resource content.')],
  test_multiple_content_types: () => [text('Several:'), image, resource('test://mixed-content-resource', 'mixed')],
  test_tool_with_logging: async (given, context) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
    }
    return [text('logged')];
  },
  test_tool_with_progress: async (given, context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    }
    return [text(String(progressToken))];
  },
  test_error_handling: () => {
    throw new Error('This tool intentionally returns an error for testing');
  },
  test_reconnection: () => [text('reconnected')],
  test_sampling: ({ prompt }, context) =>
    ask(context, 'sampling/createMessage', { messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 }),
  test_elicitation: ({ message }, context) => elicit(context, message, { response: { type: 'string' } }),
  test_elicitation_sep1034_defaults: (given, context) => elicit(context, 'Defaults', DEFAULTS),
  test_elicitation_sep1330_enums: (given, context) => elicit(context, 'Enums', ENUMS),
  json_schema_2020_12_tool: (given) => [text(JSON.stringify(given))],
};
const INPUTS = {
  test_sampling: object({ prompt: { type: 'string' } }, { required: ['prompt'] }),
  test_elicitation: object({ message: { type: 'string' } }, { required: ['message'] }),
  json_schema_2020_12_tool: SCHEMA,
};

const RESOURCES = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: IMAGE },
  'test://watched-resource': { mimeType: 'text/plain', text: 'watched' },
};
const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

const said = (content) => ({ role: 'user', content });
const PROMPTS = {
  test_simple_prompt: [[], () => [said(text('This is a simple prompt for testing.'))]],
  test_prompt_with_arguments: [
    ['arg1', 'arg2'],
    ({ arg1, arg2 }) => [said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  ],
  test_prompt_with_embedded_resource: [['resourceUri'], ({ resourceUri }) => [said(resource(resourceUri, 'embedded')), said(text('Read it.'))]],
  test_prompt_with_image: [[], () => [said(image), said(text('Look at it.'))]],
};

const server = new Server(
  { name: 'conformance-server', version: '1' },
  { capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, logging: {}, completions: {} } },
);

server.setRequestHandler('tools/list', () => ({
  tools: Object.keys(TOOLS).map((name) => ({ name, description: `The suite's ${name}`, inputSchema: INPUTS[name] ?? object() })),
}));
server.setRequestHandler('tools/call', async ({ params }, context) => {
  try {
    return { content: await TOOLS[params.name](params.arguments ?? {}, context) };
  } catch (error) {
    return { content: [text(error.message)], isError: true };
  }
});
server.setRequestHandler('resources/list', () => ({
  resources: Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType })),
}));
server.setRequestHandler('resources/templates/list', () => ({
  resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
}));
server.setRequestHandler('resources/read', ({ params: { uri } }) => {
  const id = TEMPLATE.exec(uri)?.[1];
  const found = id ? { mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) } : RESOURCES[uri];
  return { contents: [{ uri, ...found }] };
});
for (const method of ['resources/subscribe', 'resources/unsubscribe', 'logging/setLevel']) {
  server.setRequestHandler(method, () => ({}));
}
server.setRequestHandler('prompts/list', () => ({
  prompts: Object.entries(PROMPTS).map(([name, [names]]) => ({ name, description: `The suite's ${name}`, arguments: names.map((argument) => ({ name: argument, required: true })) })),
}));
server.setRequestHandler('prompts/get', ({ params }) => ({ messages: PROMPTS[params.name][1](params.arguments ?? {}) }));
server.setRequestHandler('completion/complete', () => ({ completion: { values: [], total: 0, hasMore: false } }));

await server.connect(new StdioServerTransport());

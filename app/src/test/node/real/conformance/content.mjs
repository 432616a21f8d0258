// The tools, resources and prompts that the official conformance suite asks for by name in revision
// 2025-11-25; most of them in 2026-07-28 too.
// One pixel, and a WAV file without a sample.
const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const AUDIO = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const text = (words) => ({ type: 'text', text: words });
const image = { type: 'image', data: IMAGE, mimeType: 'image/png' };
const resource = (uri, words) => ({ type: 'resource', resource: { uri, mimeType: 'text/plain', text: words } });
export const object = (properties = {}, more = {}) => ({ type: 'object', properties, ...more });
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

export const TOOLS = {
  test_simple_text: () => [text('This is a simple text response for testing.')],
  test_image_content: () => [image],
  test_audio_content: () => [{ type: 'audio', data: AUDIO, mimeType: 'audio/wav' }],
  test_embedded_resource: () => [resource('test://embedded-resource', 'This is an embedded resource content.')],
  test_multiple_content_types: () => [text('Several:'), image, resource('test://mixed-content-resource', 'mixed')],
  test_tool_with_logging: async (given, context) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.log('info', data);
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
export const INPUTS = {
  test_sampling: object({ prompt: { type: 'string' } }, { required: ['prompt'] }),
  test_elicitation: object({ message: { type: 'string' } }, { required: ['message'] }),
  json_schema_2020_12_tool: SCHEMA,
};

export const RESOURCES = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: IMAGE },
  'test://watched-resource': { mimeType: 'text/plain', text: 'watched' },
};
export const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

export const said = (content) => ({ role: 'user', content });
export const PROMPTS = {
  test_simple_prompt: [[], () => [said(text('This is a simple prompt for testing.'))]],
  test_prompt_with_arguments: [
    ['arg1', 'arg2'],
    ({ arg1, arg2 }) => [said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  ],
  test_prompt_with_embedded_resource: [['resourceUri'], ({ resourceUri }) => [said(resource(resourceUri, 'embedded')), said(text('Read it.'))]],
  test_prompt_with_image: [[], () => [said(image), said(text('Look at it.'))]],
};

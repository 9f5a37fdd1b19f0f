// The order of a document's notifications. The client sends some of them late: when a changed document is closed
// unsaved, its last change goes out after the close, and a server knows the document no more then.

import type { Middleware } from 'vscode-languageclient/node';

export function inOrder(): Required<Pick<Middleware, 'sendNotification'>> {
  const open = new Set<string>();
  return {
    sendNotification: (type, next, params) => {
      const method = typeof type === 'string' ? type : type.method;
      const uri = (params as { textDocument?: { uri?: string } } | undefined)?.textDocument?.uri ?? '';
      if (method === 'textDocument/didOpen') open.add(uri);
      if (method === 'textDocument/didClose') open.delete(uri);
      if (method === 'textDocument/didChange' && !open.has(uri)) return Promise.resolve();
      return next(type, params);
    },
  };
}

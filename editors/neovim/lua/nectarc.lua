-- nectarc in Neovim: `require("nectarc").setup()`. Neovim 0.7 and later.
local M = {}

M.defaults = {
  cmd = { "nectarc", "lsp" },
  filetypes = { "toon", "yaml", "json", "toml" },
  settings = {}, -- as in VS Code, without the prefix: { proofs = { delay = 300 } }
  on_attach = nil,
}

-- The server is silent on files that are none of its business, but it need not be started for them.
local function is_ours(buffer, path)
  local kind = vim.bo[buffer].filetype
  if kind == "toon" then
    return true
  end
  if kind == "toml" then
    return vim.fn.fnamemodify(path, ":t") == "nectar.toml"
  end
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, 400, false)
  for _, line in ipairs(lines) do
    if line:match("^%s*[\"']?RulesVersion[\"']?%s*:") or line:match("^%s*[\"']?Samplers[\"']?%s*:") then
      return true
    end
  end
  return false
end

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ":p:h")
  local manifest = vim.fn.findfile("nectar.toml", folder .. ";")
  return manifest ~= "" and vim.fn.fnamemodify(manifest, ":p:h") or folder
end

local clients = {}

local function start(options, buffer)
  local path = vim.api.nvim_buf_get_name(buffer)
  if not is_ours(buffer, path) then
    return
  end
  local root = root_of(path)
  local client = clients[root] and vim.lsp.get_client_by_id(clients[root])
  if not client or client.is_stopped() then
    clients[root] = vim.lsp.start_client({
      name = "nectarc",
      cmd = options.cmd,
      root_dir = root,
      settings = { nectarc = options.settings },
      workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
      on_attach = options.on_attach,
    })
  end
  if clients[root] then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

-- The server's commands, as `:Nectarc prove`; it shows their outcome itself.
local function execute(name, ...)
  vim.lsp.buf.execute_command({
    command = "nectarc.server." .. name,
    arguments = { vim.uri_from_bufnr(0), ... },
  })
end

local names = { "prove", "runTests", "compile", "showRules", "showWaggle", "showCounterexample", "applyFixAll" }

function M.setup(given)
  local options = vim.tbl_deep_extend("force", M.defaults, given or {})
  vim.api.nvim_create_autocmd("FileType", {
    pattern = options.filetypes,
    callback = function(event)
      start(options, event.buf)
    end,
  })
  vim.api.nvim_create_user_command("Nectarc", function(command)
    execute(unpack(command.fargs))
  end, {
    nargs = "+",
    complete = function(typed)
      return vim.tbl_filter(function(name)
        return name:find(typed, 1, true) == 1
      end, names)
    end,
  })
end

return M

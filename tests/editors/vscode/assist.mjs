// Suggestions from comments, and the walkthrough, as a person uses them: steps of e2e.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const WISH = '# keep status 404';

/** desk: page, hands, step, picture, state, original, onDisk, bench. */
export async function suggestions({ page, hands, step, picture, state, original, onDisk, bench }) {
  const ghost = page.locator('.ghost-text, .ghost-text-decoration, .suggest-preview-text');
  const comment = async (words) => {
    await hands.putCursor(original, 'duration > 5s,keep,90');
    await page.keyboard.press('Enter');
    await page.keyboard.type(words, { delay: 30 });
  };
  /** What stands behind a line, in the style sheet alone. */
  const marked = (words) =>
    hands.until(`it is marked: ${words}`, () =>
      hands.editor.locator('.view-line span').evaluateAll(
        (all, said) => all.some((one) => getComputedStyle(one, '::after').content.replaceAll('\u00a0', ' ').includes(said)), words));
  const turnOn = async (setting) => {
    await hands.command('Preferences: Open Settings (UI)');
    await page.locator('.settings-editor .suggest-input-container .monaco-editor').first().click();
    await page.keyboard.type(setting);
    const box = page.locator(`.settings-editor [data-key="${setting}"] .setting-value-checkbox`);
    await box.waitFor();
    await box.click();
    const file = path.join(bench.dir('user/User'), 'settings.json');
    await hands.until('it is the setting of the user', () => JSON.parse(fs.readFileSync(file, 'utf8'))[setting] === true);
    await page.keyboard.press('Escape');
    await page.locator('.settings-editor').waitFor({ state: 'detached' });
  };
  await step('25-suggestions-are-off-until-turned-on', async () => {
    await comment(WISH);
    await page.waitForTimeout(1500); // more than the pause after which they would come
    assert.equal(await ghost.count(), 0);
    await turnOn('nectarc.inlineCompletion.enabled');
  });
  await step('26-a-comment-becomes-a-rule', async () => {
    await comment(WISH);
    await ghost.filter({ hasText: 'http.status' }).first().waitFor({ state: 'attached' });
    await marked('PROVED for every trace');
    await picture('suggestion', true);
    await page.screenshot({ path: path.join(bench.out, '26-ghost-text.png') });
    await page.keyboard.press('Tab');
    await hands.line('rules[4]').waitFor(); // the count follows
    await hands.save();
    assert.match(onDisk(), /# keep status 404\n {4}keep-status,keep status 404,http\.status == 404,keep,\d+\n/);
    await state('proved').waitFor();
    assert.equal(await hands.editor.locator('.squiggly-error').count(), 0); // warnings of the example's corpus may come
  });
  await step('27-an-open-question-is-told', async () => {
    await comment('# keep slow requests');
    await marked('what is the threshold');
    assert.equal(await ghost.count(), 0);
  });
}

/** The walkthrough: each step shows its words and its picture, and its buttons do what they say. */
export async function walkthrough({ page, hands, step, state, bench }) {
  const titles = ['Install nectarc', 'Make a project', 'Say what to keep', 'Prove it', 'Compile it', 'See what it costs'];
  const row = (title) => page.locator('.gettingStartedContainer button.getting-started-step', { hasText: title });
  const open = async () => {
    await hands.command('View: Close All Editors');
    await hands.command('Welcome: Open Walkthrough...');
    await hands.pick('Get started with Nectarc');
    await row(titles[0]).waitFor();
  };
  const button = (name) => page.locator('.gettingStartedContainer .getting-started-step.expanded .monaco-button', { hasText: name });
  await step('28-walkthrough', async () => {
    await open();
    for (const title of titles) {
      if (!(await row(title).evaluate((one) => one.classList.contains('expanded')))) await row(title).click();
      await button('').first().waitFor();
      const media = page.locator('.gettingStartedContainer .getting-started-media');
      await hands.until(`${title} has its picture or its page`, () =>
        media.evaluate((one) => {
          const picture = one.querySelector('img');
          return picture === null ? one.querySelector('iframe, .webview') !== null : picture.naturalWidth > 0;
        }));
    }
    await row('Prove it').click();
    await button('Prove').first().waitFor();
    await page.screenshot({ path: path.join(bench.out, '28-prove-it.png') });
    await button('Prove').first().click();
    const which = hands.quickRows.filter({ has: page.locator('.label-name', { hasText: /^policy\.toon$/ }) });
    await hands.token('production-sampling').or(which.first()).waitFor();
    if ((await which.count()) > 0) await which.first().click(); // where the folder has several
    await hands.token('production-sampling').waitFor(); // the policy of the folder opens
    await state('proved').waitFor();
    await open();
    await row('Compile it').click();
    await button('Show Rules Beside').click();
    await page.locator('.editor-group-container .view-line', { hasText: 'RulesVersion' }).first().or(which.first()).waitFor();
    if ((await which.count()) > 0) await which.first().click();
    await page.locator('.editor-group-container .view-line', { hasText: 'RulesVersion' }).first().waitFor();
  });
}

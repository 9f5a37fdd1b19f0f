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
    assert.equal(await hands.editor.locator('.squiggly-error, .squiggly-warning').count(), 0);
  });
  await step('27-an-open-question-is-told', async () => {
    await comment('# keep slow requests');
    await marked('what is the threshold');
    assert.equal(await ghost.count(), 0);
  });
}

// Unpacks @sparticuz/chromium, its libraries and fonts into $TMPDIR; the package takes that folder from the environment only.
process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x'; // makes it unpack the libraries too
const { default: chromium } = await import('@sparticuz/chromium');
await chromium.executablePath();
console.log(JSON.stringify(chromium.args));

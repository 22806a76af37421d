import { suite } from './conformance/suite.ts';

const { TEST_STORE_URI: store, TEST_MONGODB_URI: mongod } = process.env;

if (store !== undefined) suite('the test store', () => store);
if (mongod !== undefined) suite('the server of TEST_MONGODB_URI', () => mongod);
if (store === undefined && mongod === undefined) throw new Error('There is no server to hold to the rules.');

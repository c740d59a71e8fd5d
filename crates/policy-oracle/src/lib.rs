//! The naive evaluator, straight from AWS's text, and the tests that hold the engine against it.

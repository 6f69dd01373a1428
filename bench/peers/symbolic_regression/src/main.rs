//! One run of the crate `symbolic_regression` with its default options, as JSON on stdout:
//! peer TRAIN.csv TEST.csv OPERATORS MAXSIZE SECONDS SEED STOP_LOSS
//! (CSV with a header, target last; SECONDS 0: the default 100 iterations; STOP_LOSS 0: none).
use ndarray::{Array1, Array2};
use std::time::Instant;
use symbolic_regression::prelude::*;
use symbolic_regression::EarlyStop;

const ARITY: usize = 3;

fn read(path: &str) -> (Array2<f32>, Array1<f32>) {
    let text = std::fs::read_to_string(path).expect(path);
    let rows: Vec<Vec<f32>> = text
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|cell| cell.parse().expect(cell))
                .collect()
        })
        .collect();
    let features = rows[0].len() - 1;
    (
        Array2::from_shape_fn((features, rows.len()), |(j, i)| rows[i][j]),
        rows.iter().map(|row| row[features]).collect(),
    )
}

fn r2(y: &Array1<f32>, p: &[f32]) -> f64 {
    let mean = y.iter().map(|&v| f64::from(v)).sum::<f64>() / y.len() as f64;
    let residual: f64 = y
        .iter()
        .zip(p)
        .map(|(&v, &q)| f64::from(v - q).powi(2))
        .sum();
    1.0 - residual
        / y.iter()
            .map(|&v| (f64::from(v) - mean).powi(2))
            .sum::<f64>()
}

fn main() {
    let arg: Vec<String> = std::env::args().collect();
    let (x, y) = read(&arg[1]);
    let (test_x, test_y) = read(&arg[2]);
    let seconds: f64 = arg[5].parse().unwrap();
    let stop: f32 = arg[7].parse().unwrap();
    let mut options = Options::<f32, ARITY> {
        operators: BuiltinOpsF32::from_names(arg[3].split(',')).unwrap(),
        maxsize: arg[4].parse().unwrap(),
        timeout_in_seconds: seconds,
        seed: arg[6].parse().unwrap(),
        progress: false,
        ..Default::default()
    };
    if seconds > 0.0 {
        options.niterations = 1_000_000;
    }
    if stop > 0.0 {
        options.early_stop_condition = Some(EarlyStop::below(stop));
    }
    let start = Instant::now();
    let mut engine = SearchEngine::<f32, BuiltinOpsF32, ARITY>::new(Dataset::new(x, y), options);
    while engine.step(usize::MAX) > 0 {}
    let elapsed = start.elapsed().as_secs_f64();
    let front: Vec<String> = engine
        .hall_of_fame()
        .pareto_front()
        .iter()
        .map(|m| {
            let (p, _) = eval_tree_array::<f32, BuiltinOpsF32, ARITY>(
                &m.expr,
                test_x.view(),
                &EvalOptions::default(),
            );
            let r = r2(&test_y, &p);
            format!(
                "{{\"complexity\": {}, \"loss\": {:e}, \"r2\": {}, \"equation\": \"{}\"}}",
                m.complexity,
                m.loss,
                if r.is_finite() {
                    r.to_string()
                } else {
                    "null".into()
                },
                m.expr
            )
        })
        .collect();
    println!(
        "{{\"seconds\": {elapsed}, \"candidates\": {}, \"front\": [{}]}}",
        engine.total_evals(),
        front.join(",\n")
    );
}

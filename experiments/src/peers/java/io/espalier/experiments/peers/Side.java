package io.espalier.experiments.peers;

import io.espalier.bench.TrainingProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A contestant in a process of its own: says what it computes, then steps as often as it is told. */
interface Side {
    /** Mean losses of the problem's batch before and after one update. */
    double[] losses();

    /** Trains so many steps. */
    void train(int steps);

    /** Arguments: lenet-300-100 or lenet-5, then torch, torch with channels last, or espalier with a density. */
    static void main(String[] arguments) throws IOException {
        TrainingProblem problem =
                arguments[0].equals("lenet-5") ? TrainingProblem.LENET_5 : TrainingProblem.LENET_300_100;
        Side side = arguments[1].startsWith("torch")
                ? new TorchSide(problem, arguments[1].endsWith("channels-last"))
                : new EspalierSide(problem, Double.parseDouble(arguments[2]));
        double[] losses = side.losses();
        System.out.println("losses " + losses[0] + " " + losses[1]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            int steps = Integer.parseInt(order.strip());
            long start = System.nanoTime();
            side.train(steps);
            System.out.println("nanos " + (System.nanoTime() - start) / steps);
        }
    }
}

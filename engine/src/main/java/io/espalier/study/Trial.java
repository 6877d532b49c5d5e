package io.espalier.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.data.DataSpec;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.train.Program;
import java.util.List;
import java.util.Optional;

/**
 * One training trajectory, fully specified.
 *
 * @param canonical the text that its id is the hash of
 * @param method what the results call its method
 * @param dense the uncompressed network, which ratios are counted against
 * @param network what it trains
 * @param batch examples a step
 * @param ratios where it is read out, ascending; 1 alone for a dense network
 * @param parent the trial whose reported weights it starts from
 * @param epochs trained from initialisation to its end, ancestors included
 * @param ownEpochs trained by this trial alone
 */
public record Trial(
        TrialId id,
        ObjectNode canonical,
        String method,
        DataSpec data,
        NetworkSpec dense,
        NetworkSpec network,
        int batch,
        List<CompressionRatio> ratios,
        Seed seed,
        Optional<TrialId> parent,
        Program program,
        double epochs,
        double ownEpochs) {}

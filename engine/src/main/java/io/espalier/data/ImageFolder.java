package io.espalier.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * The PNG and JPEG images of a folder as grey images, in the order of their names, at the size they have. Colour becomes grey as
 * 0.299 red + 0.587 green + 0.114 blue; the stored values are used as they are, transparency is ignored.
 */
final class ImageFolder {
    private ImageFolder() {}

    static Patches patches(Path folder) {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(ImageFolder::isImage)
                    .sorted((a, b) -> name(a).compareTo(name(b)))
                    .collect(Collectors.toList());
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new DataException("There is no folder " + folder + " to take images from.", e);
        } catch (IOException e) {
            throw new DataException("The folder " + folder + " cannot be read: " + e.getMessage() + ".", e);
        }
        if (files.isEmpty()) {
            throw new DataException("The folder " + folder + " has no images: files named .png, .jpg or .jpeg.");
        }
        String kind = files.size() == 1 ? "patches of 1 image" : "patches of " + files.size() + " images";
        return new Patches(kind, files.stream().map(ImageFolder::read).toList());
    }

    private static boolean isImage(Path file) {
        return name(file).toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static GreyImage read(Path file) {
        BufferedImage image;
        try {
            image = ImageIO.read(file.toFile());
        } catch (IOException | RuntimeException e) {
            // Damaged files make some decoders throw unchecked exceptions.
            throw new DataException(file + " cannot be read as an image: " + e.getMessage() + ".", e);
        }
        if (image == null) {
            throw new DataException(file + " is neither PNG nor JPEG, whatever its name says.");
        }
        int width = image.getWidth();
        byte[] pixels = new byte[width * image.getHeight()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) grey(image, i % width, i / width);
        }
        return new GreyImage(name(file), width, image.getHeight(), pixels);
    }

    private static int grey(BufferedImage image, int x, int y) {
        ColorModel colours = image.getColorModel();
        if (colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY && !(colours instanceof IndexColorModel)) {
            // Not getRGB, which takes grey values for linear light and brightens them.
            Raster raster = image.getRaster();
            int bits = colours.getComponentSize(0);
            int sample = raster.getSample(x, y, 0);
            return bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
        }
        int rgb = image.getRGB(x, y);
        return (299 * (rgb >>> 16 & 0xFF) + 587 * (rgb >>> 8 & 0xFF) + 114 * (rgb & 0xFF) + 500) / 1000;
    }
}
